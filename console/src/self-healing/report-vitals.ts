import { type Metric, onCLS, onINP, onLCP, onTTFB } from 'web-vitals';
import { report } from './reports.ts';

/** Reports how fast the page was for this user: largest paint, shift, response to input, first byte. */
export function reportVitals(): void {
  const send = ({ name, value, rating }: Metric) =>
    report('vital', { name, value: Math.round(value * 1000) / 1000, rating });
  onLCP(send);
  onCLS(send);
  onINP(send);
  onTTFB(send);
}
