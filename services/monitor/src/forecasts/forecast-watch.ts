import type { ForecastView } from '@gridworks/contracts';
import { type Forecast, isPreventive, ResourceForecast } from './resource-forecast.ts';
import { FORECAST_FROM, RESOURCES } from './resources.ts';

export type WatchedResource = Exclude<ForecastView['resource'], 'memory'>;

/** A resource of one component. Times are epoch ms. */
export interface WatchedUse {
  readonly resource: ForecastView['resource'];
  readonly component: string;
  readonly used: number;
  readonly limit: number;
  readonly forecast: Forecast;
  /** Soon and sure enough to act before it is full. */
  readonly preventive: boolean;
  readonly at: number;
}

/** Names of `RESOURCES` for those of the contract. */
const ROWS = { disk: 'disk', connections: 'connections', stream: 'queue' } as const;
/** More are not watched: 1 MB. */
const MOST_WATCHED = 250;
/** What nobody has reported for so long, ms, is forgotten. */
const FORGET_AFTER_MS = 10 * 60_000;

/**
 * Forecasts of everything bounded but memory, which `MemoryUse` watches. Pure: reads no clock. Each use is observed as it
 * comes; a component without figures is no component that is full.
 */
export class ForecastWatch {
  readonly #watched = new Map<string, { forecast: ResourceForecast; use: WatchedUse }>();

  /** `used` and `limit` in one unit, at most once for each time. */
  observe(resource: WatchedResource, component: string, used: number, limit: number, at: number): void {
    if (!(limit > 0)) return;
    const key = `${resource}|${component}`;
    const known = this.#watched.get(key);
    if (!known && this.#watched.size >= MOST_WATCHED) return;
    const forecast = known?.forecast ?? new ResourceForecast();
    const seen = forecast.observe(used, limit, at);
    const preventive =
      used / limit >= FORECAST_FROM[resource] && isPreventive(seen, RESOURCES[ROWS[resource]]);
    this.#watched.set(key, {
      forecast,
      use: { resource, component, used, limit, forecast: seen, preventive, at },
    });
  }

  /** The process behind a component is a new one: its use begins anew. */
  restart(component: string): void {
    for (const { forecast, use } of this.#watched.values())
      if (use.component === component) forecast.restart();
  }

  /** Everything that was reported lately. */
  all(now: number): WatchedUse[] {
    for (const [key, { use }] of this.#watched) if (now - use.at > FORGET_AFTER_MS) this.#watched.delete(key);
    return [...this.#watched.values()].map(({ use }) => use);
  }

  /** What is about to be full. */
  preventive(now: number): WatchedUse[] {
    return this.all(now).filter(({ preventive }) => preventive);
  }
}

/** When the resource is full and how sure that is, for the evidence of a symptom and for the API. */
export function outlookOf(
  { seconds, confidence }: Forecast,
  at: number,
): { full_at: string | null; confidence: number } {
  return {
    full_at: seconds === null ? null : new Date(at + seconds * 1000).toISOString(),
    confidence: Math.round(confidence * 100) / 100,
  };
}
