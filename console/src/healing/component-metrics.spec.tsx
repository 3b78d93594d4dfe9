/** @jest-environment jsdom */

import type { Metrics } from '@gridworks/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, render, screen, within } from '@testing-library/react';
import { CHARTS, drawn, metricRangeOf, seriesOf, timesOf } from './component-charts.ts';
import { hoursOf, minutesOf } from './component-health.ts';
import { MetricCharts } from './component-metrics.tsx';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
afterEach(cleanup);

const MIB = 1024 * 1024;
const now = Date.UTC(2026, 10, 28, 14, 30, 20);
const FROM = '2026-11-28T14:00:00.000Z';
const series = (
  metric: string,
  values: (number | null)[],
  last: Metrics['series'][number]['last'] = null,
) => ({
  ...{ name: `service:billing/${metric}`, component: 'service:billing', metric, contract: null },
  ...{ unit: 'count' as const, fold: 'max' as const, meaning: '', last, values },
});
const metricsOf = (...rows: Metrics['series'][number][]): Metrics => ({
  ...{ object: 'metrics', observed_at: FROM, kept_since: FROM, from: FROM, to: FROM, step: 10 },
  series: rows,
});
const chart = (title: string) => CHARTS.find((row) => row.title === title)!;

describe('the charts of a component', () => {
  it('ask for what they draw, by name', () => {
    expect(seriesOf('service:billing-2').split(',')).toEqual([
      'service:billing-2/cpu_share',
      'service:billing-2/resident_bytes',
      'service:billing-2/heap_used_bytes',
      'service:billing-2/event_loop_delay_ms',
      'service:billing-2/requests_per_second',
      'service:billing-2/errors_per_second',
      'service:billing-2/p95_ms',
      'service:billing-2/p50_ms',
    ]);
  });

  it('show the last hour, an hour in 10 s, a day in 2 min, and nothing that is not kept any more', () => {
    expect(metricRangeOf(undefined, now)).toBeUndefined();
    expect(metricRangeOf(minutesOf('2026-11-28T13:00:00.000Z'), now)).toMatchObject({ step: 10 });
    expect(metricRangeOf(hoursOf('2026-11-27'), now)).toMatchObject({
      ...{ from: '2026-11-27T00:00:00.000Z', to: '2026-11-28T00:00:00.000Z', step: 120 },
    });
    expect(metricRangeOf(hoursOf('2026-11-26'), now)).toBeNull();
  });

  it('have a time for each value, in the unit that is shown', () => {
    const metrics = metricsOf(
      series('resident_bytes', [100 * MIB, null, 104 * MIB], { at: FROM, value: 104 * MIB }),
      series('heap_used_bytes', [null, null, 40 * MIB], { at: FROM, value: 40 * MIB }),
    );
    expect(timesOf(metrics)).toEqual([0, 10, 20].map((second) => Date.parse(FROM) + second * 1000));
    expect(drawn(chart('Memory'), metrics)).toEqual({
      lines: [
        { label: 'Resident', values: [100, null, 104] },
        { label: 'Heap', values: [null, null, 40] },
      ],
      latest: [
        { text: 'Resident 104 MiB', at: FROM },
        { text: 'Heap 40 MiB', at: FROM },
      ],
      measured: 2,
    });
  });

  it('say how old a figure is, that an old one is unknown, and where nothing was measured', () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
    const metrics = metricsOf(
      series('cpu_share', [null], { at: ago(12), value: 0.125 }),
      series('p95_ms', [null], { at: ago(300), value: 4.2 }),
    );
    render(<MetricCharts metrics={metrics} words="in the last hour" />);
    const processor = within(screen.getByRole('region', { name: 'Processor' }));
    expect(processor.getByText(/13%/)).toBeTruthy();
    expect(processor.getByText('12 s old')).toBeTruthy();
    const durations = within(screen.getByRole('region', { name: 'Duration of requests' }));
    expect(durations.getByText(/unknown for 5 min/)).toBeTruthy();
    expect(screen.getAllByText('Nothing was measured in the last hour.')).toHaveLength(CHARTS.length);
  });
});
