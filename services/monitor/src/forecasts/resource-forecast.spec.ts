import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Forecast, isPreventive, ResourceForecast } from './resource-forecast.ts';
import { LEAST_CONFIDENCE, RESOURCES } from './resources.ts';

const HOUR_S = 3600;
const CAPACITY = 1000;
const noise = (i: number) => (Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 31 - 1;

/** One sample each 5 s; returns the last forecast and whether one was ever confident. */
function feed(forecast: ResourceForecast, from: number, to: number, used: (second: number) => number | null) {
  let last: Forecast = { seconds: null, confidence: 0 };
  let everSure = false;
  for (let second = from; second < to; second += 5) {
    last = forecast.observe(used(second), CAPACITY, second * 1000);
    everSure ||= last.confidence > LEAST_CONFIDENCE;
  }
  return { last, everSure };
}

describe('ResourceForecast', () => {
  it('forecasts a leak of minutes and one of hours to within a tenth', () => {
    for (const [fullAt, now] of [
      [1800, 1200],
      [8 * HOUR_S, 6 * HOUR_S],
    ] as const) {
      const { last } = feed(
        new ResourceForecast(),
        0,
        now,
        (at) => 200 + (800 * at) / fullAt + 5 * noise(at),
      );
      expect(last.confidence).toBeGreaterThan(LEAST_CONFIDENCE);
      expect(Math.abs((last.seconds as number) / (fullAt - now) - 1)).toBeLessThan(0.1);
    }
  });

  it('sees the leak below the teeth of garbage collection', () => {
    const leaking = (at: number) => 200 + (700 * at) / (8 * HOUR_S) + (at % 100);
    const { last } = feed(new ResourceForecast(), 0, 7 * HOUR_S, leaking);
    expect(last.confidence).toBeGreaterThan(LEAST_CONFIDENCE);
    expect(last.seconds).toBeGreaterThan(0.5 * HOUR_S);
    expect(last.seconds).toBeLessThan(2 * HOUR_S);
  });

  it('is never sure about a level with noise, nor about one that falls', () => {
    expect(feed(new ResourceForecast(), 0, 12 * HOUR_S, (at) => 500 + 100 * noise(at)).everSure).toBe(false);
    expect(
      feed(new ResourceForecast(), 0, 6 * HOUR_S, (at) => 900 - (800 * at) / (6 * HOUR_S)).everSure,
    ).toBe(false);
  });

  it('does not forecast a sawtooth once it has seen a tooth, and does what rises above the teeth', () => {
    for (const period of [0.4 * HOUR_S, 5 * HOUR_S]) {
      const forecast = new ResourceForecast();
      const tooth = (at: number) => 300 + (400 * (at % period)) / period;
      const from = period * 1.1;
      feed(forecast, 0, from, tooth);
      expect(feed(forecast, from, period * 5, tooth).everSure).toBe(false);
      const beyond = feed(
        forecast,
        period * 5,
        period * 6.6,
        (at) => 300 + (400 * (at - period * 5)) / period,
      );
      expect(beyond.last.confidence).toBeGreaterThan(LEAST_CONFIDENCE);
    }
  });

  it('begins anew after a refill and after a restart', () => {
    const rise = (at: number) => 200 + at / 4;
    const refilled = new ResourceForecast();
    expect(feed(refilled, 0, 2400, rise).last.confidence).toBeGreaterThan(LEAST_CONFIDENCE);
    expect(feed(refilled, 2400, 2500, () => 100).last).toEqual({ seconds: null, confidence: 0 });
    const restarted = new ResourceForecast();
    feed(restarted, 0, 2400, rise);
    restarted.restart();
    expect(restarted.observe(800, CAPACITY, 2_400_000)).toEqual({ seconds: null, confidence: 0 });
  });

  it('fears a resource again that was full: its fall was no proof of health', () => {
    const forecast = new ResourceForecast();
    const rise = (at: number) => 200 + (800 * (at % 3600)) / 3600;
    feed(forecast, 0, 3600, rise);
    expect(feed(forecast, 3600, 6000, rise).last.confidence).toBeGreaterThan(LEAST_CONFIDENCE);
  });

  it('never says NaN or a negative time, whatever it is given', () => {
    const figure = fc.oneof(fc.constant(null), fc.double(), fc.double({ min: 0, max: 1000, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            figure,
            fc.oneof(fc.constant(CAPACITY), fc.double()),
            fc.integer({ min: -1, max: 99_999 }),
          ),
          {
            maxLength: 300,
          },
        ),
        (samples) => {
          const forecast = new ResourceForecast();
          let at = 0;
          for (const [used, capacity, ms] of samples) {
            at += ms;
            const { seconds, confidence } = forecast.observe(used, capacity, at);
            expect(confidence).toBeGreaterThanOrEqual(0);
            expect(confidence).toBeLessThanOrEqual(1);
            if (seconds !== null) expect(seconds).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});

describe('isPreventive', () => {
  it('asks for both: soon, and sure', () => {
    const soon = RESOURCES.memory.soonSeconds;
    expect(isPreventive({ seconds: soon, confidence: 0.81 }, RESOURCES.memory)).toBe(true);
    expect(isPreventive({ seconds: soon + 1, confidence: 0.81 }, RESOURCES.memory)).toBe(false);
    expect(isPreventive({ seconds: soon, confidence: 0.8 }, RESOURCES.memory)).toBe(false);
    expect(isPreventive({ seconds: null, confidence: 0 }, RESOURCES.memory)).toBe(false);
  });
});
