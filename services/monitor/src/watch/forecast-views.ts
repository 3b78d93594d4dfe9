import type { ForecastView } from '@gridworks/contracts';
import { type ForecastWatch, outlookOf, type WatchedUse } from '../forecasts/forecast-watch.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import { timestamp } from '../symptoms/timestamp.ts';

/** Everything that is watched and may run out: the soonest end first, then the fullest. `now` in epoch ms. */
export function forecastViews(
  forecasts: ForecastWatch,
  instances: readonly TrackedInstance[],
  now: number,
): ForecastView[] {
  const uses = [...forecasts.all(now), ...instances.flatMap(memoryOf)];
  const end = ({ at, forecast: { seconds } }: WatchedUse) =>
    seconds === null ? Number.POSITIVE_INFINITY : at + seconds * 1000;
  const share = ({ limit, used }: WatchedUse) => used / limit;
  return uses
    .sort((a, b) => (end(a) === end(b) ? share(b) - share(a) : end(a) - end(b)))
    .map(({ at, component, forecast, limit, preventive, resource, used }) => ({
      object: 'forecast' as const,
      resource,
      component,
      unit: resource === 'connections' ? ('count' as const) : ('bytes' as const),
      now: Math.round(used),
      limit,
      ...outlookOf(forecast, at),
      preventive,
      observed_at: timestamp(at),
    }));
}

function memoryOf({ memory, pulse, received, seenAt }: TrackedInstance): WatchedUse[] {
  const { instance, memory_limit_bytes: limit, memory_share: share } = pulse;
  if (!received || share === undefined || !limit) return [];
  return [
    {
      resource: 'memory',
      component: `service:${instance}`,
      used: share * limit,
      limit,
      forecast: memory.forecast,
      preventive: memory.isFeared,
      at: seenAt,
    },
  ];
}
