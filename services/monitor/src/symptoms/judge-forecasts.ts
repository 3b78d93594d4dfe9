import { type ForecastWatch, outlookOf, type WatchedUse } from '../forecasts/forecast-watch.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { condition } from './judge-instance.ts';

/**
 * Preventive symptoms: what is about to be full has the signal that it would have when it is full, with the forecast as
 * evidence. The memory of a process has its own judge.
 */
export function judgeForecasts(
  forecasts: ForecastWatch,
  instances: readonly TrackedInstance[],
  now: number,
): Condition[] {
  return forecasts.preventive(now).flatMap((use) => conditionOf(use, instances));
}

/** What root alone may write, and so the size, may change a little. */
const SAME_SIZE = 0.01;

function conditionOf(use: WatchedUse, instances: readonly TrackedInstance[]): Condition[] {
  const { at, component, forecast, limit, resource, used } = use;
  const evidence = { used, limit, component, forecast: outlookOf(forecast, at) };
  const name = component.slice(component.indexOf(':') + 1);
  switch (resource) {
    case 'stream': {
      const target = { kind: 'server', name: 'nats', process: 'nats' } as const;
      return [{ signal: 'stream.filling', target, beganAt: at, suspects: [], evidence }];
    }
    case 'connections': {
      const known = instances.find(({ pulse }) => pulse.instance === name);
      return known ? [condition(known, 'connections.filling', at, evidence)] : [];
    }
    case 'disk': {
      // All that report a disk of this size share it; the first by name stands for them.
      const [known] = instances
        .filter(({ pulse }) => Math.abs((pulse.disk_total_bytes ?? 0) - limit) <= SAME_SIZE * limit)
        .sort((a, b) => (a.pulse.instance < b.pulse.instance ? -1 : 1));
      return known ? [condition(known, 'disk.filling', at, evidence)] : [];
    }
    default:
      return [];
  }
}
