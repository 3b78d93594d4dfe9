import { Random } from './random.ts';

/** What kind of metric a series shows, its usual level and its noise. */
export interface Flavour {
  readonly metric: 'latency' | 'throughput' | 'memory' | 'count' | 'usage';
  readonly level: readonly [low: number, high: number];
  /** Noise from second to second, as a share of the level. */
  readonly noise: number;
  /** Noise that lasts for minutes, as a share of the level. */
  readonly wander: number;
  /** Single seconds of garbage collection, and bursts of 5 to 25 s: how often, an hour, and how large, times the level. */
  readonly pauses: number;
  readonly bursts: number;
  readonly burstSize: readonly [low: number, high: number];
  /** It is a resource with a capacity. */
  readonly bounded: boolean;
  readonly whole: boolean;
  readonly most: number;
}

const MIB = 2 ** 20;
export const FLAVOURS: readonly Flavour[] = [
  {
    metric: 'latency',
    level: [15, 120],
    noise: 0.15,
    wander: 0.05,
    pauses: 30,
    bursts: 3,
    burstSize: [1.5, 4],
    bounded: false,
    whole: false,
    most: 1e6,
  },
  {
    metric: 'throughput',
    level: [40, 900],
    noise: 0.1,
    wander: 0.05,
    pauses: 0,
    bursts: 2,
    burstSize: [1.3, 2.5],
    bounded: false,
    whole: false,
    most: 1e6,
  },
  {
    metric: 'memory',
    level: [120 * MIB, 400 * MIB],
    noise: 0.01,
    wander: 0.03,
    pauses: 0,
    bursts: 1,
    burstSize: [1.1, 1.3],
    bounded: true,
    whole: false,
    most: 1e12,
  },
  {
    metric: 'count',
    level: [15, 60],
    noise: 0.06,
    wander: 0.05,
    pauses: 0,
    bursts: 3,
    burstSize: [1.3, 2.5],
    bounded: true,
    whole: true,
    most: 1e6,
  },
  {
    metric: 'usage',
    level: [0.25, 0.4],
    noise: 0.12,
    wander: 0.05,
    pauses: 20,
    bursts: 3,
    burstSize: [1.3, 2.2],
    bounded: false,
    whole: false,
    most: 1,
  },
];

/** Noise that lasts for minutes: it forgets half of itself in 2 minutes. */
const WANDER_KEPT = 0.5 ** (1 / 120);
const WANDER_STEP = Math.sqrt(1 - WANDER_KEPT ** 2);

/**
 * Normal load with noise of three kinds: from second to second (skewed: log-normal), lasting for minutes, and
 * rare pauses and bursts. `shape` is the usual level at a second, as a multiple of `level`.
 */
export function baseLoad(
  flavour: Flavour,
  level: number,
  seconds: number,
  random: Random,
  shape: (second: number) => number,
): Float64Array {
  const values = new Float64Array(seconds);
  let wander = random.normal();
  let burst = 1;
  let burstLeft = 0;
  for (let second = 0; second < seconds; second++) {
    wander = wander * WANDER_KEPT + random.normal() * WANDER_STEP;
    if (burstLeft > 0) burstLeft--;
    else if (random.next() < flavour.bursts / 3600) {
      burst = random.between(...flavour.burstSize);
      burstLeft = random.whole(5, 25);
    }
    const pause = random.next() < flavour.pauses / 3600 ? random.between(2, 8) : 1;
    const noise = Math.exp(flavour.noise * random.normal() + flavour.wander * wander);
    values[second] = level * shape(second) * noise * pause * (burstLeft > 0 ? burst : 1);
  }
  return values;
}

/** Whole numbers where the metric has them, and no more than it can be. */
export function finish(flavour: Flavour, values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) {
    const value = Math.min(values[i] as number, flavour.most);
    values[i] = flavour.whole ? Math.round(value) : value;
  }
  return values;
}

const DAY = 86_400;
/** A load that is low at night and high by day, with a second wave and days that differ. */
export function dailyShape(random: Random): (second: number) => number {
  const height = random.between(0.25, 0.55);
  const phase = random.between(0, DAY);
  const wave = random.between(0, 0.12);
  const days = Array.from({ length: 5 }, () => random.between(0.92, 1.08));
  return (at) => {
    const day = (at + phase) / DAY;
    const from = days[Math.floor(day)] as number;
    const to = days[Math.floor(day) + 1] as number;
    const today = from + (to - from) * (day % 1);
    return today * (1 + height * Math.sin(2 * Math.PI * day) + wave * Math.sin(4 * Math.PI * day + 1));
  };
}
