import type { Pulse } from '@gridworks/contracts';
import { outlookOf } from './forecast-watch.ts';
import { type Forecast, isPreventive, ResourceForecast } from './resource-forecast.ts';
import { FAST_HORIZONS_MS, FORECAST_FROM, RESOURCES } from './resources.ts';

/** Above this share for so long, ms, the memory does not become free: garbage collection is at its hardest by then. */
export const MEMORY_FULL = 0.85;
export const MEMORY_FULL_FOR_MS = 10_000;
/** Below this share it has become free. */
export const MEMORY_FREE = 0.75;
/** The memory of one process, by its pulses. Reads no clock: times are epoch ms. */
export class MemoryUse {
  /** Two windows of minutes and hours, and one of seconds. */
  readonly #forecasts = [new ResourceForecast(), new ResourceForecast(FAST_HORIZONS_MS)];
  /** Since when every pulse reported more than `MEMORY_FULL`; since then none has reported less than `MEMORY_FREE`. */
  #fullSince: number | null = null;
  #isFull = false;
  #share = 0;
  #forecast: Forecast = { seconds: null, confidence: 0 };

  observe({ memory_share: share }: Pick<Pulse, 'memory_share'>, now: number): void {
    if (share === undefined) return;
    this.#share = share;
    const forecasts = this.#forecasts.map((one) => one.observe(share, 1, now));
    this.#forecast = forecasts.find((one) => isPreventive(one, RESOURCES.memory)) ?? forecasts[0]!;
    if (share > MEMORY_FULL) this.#fullSince ??= now;
    else this.#fullSince = null;
    if (this.#fullSince !== null && now - this.#fullSince >= MEMORY_FULL_FOR_MS) this.#isFull = true;
    if (share < MEMORY_FREE) this.#isFull = false;
  }

  /** The forecast that speaks. */
  get forecast(): Forecast {
    return this.#forecast;
  }

  /** The end is near and sure enough to act before it comes. */
  get isFeared(): boolean {
    return this.#share >= FORECAST_FROM.memory && isPreventive(this.#forecast, RESOURCES.memory);
  }

  /** What says that the memory fills up; null while nothing does. `forecast` is null when none says so: it is full already. */
  filling(now: number): Readonly<Record<string, unknown>> | null {
    if (!this.#isFull && !this.isFeared) return null;
    const forecast = this.isFeared ? outlookOf(this.#forecast, now) : null;
    return { memory_share: this.#share, forecast };
  }
}
