import { baseLoad, dailyShape } from './base-load.ts';
import {
  begins,
  type Draft,
  FOUND_WITHIN,
  HOUR,
  harmfulFactor,
  LENGTH,
  MINUTE,
  multiply,
  restart,
  SCORED_FROM,
  sudden,
} from './draft.ts';

type Shape = (draft: Draft, odd: boolean) => void;

const dailyCycle: Shape = (draft, odd) => {
  const { random, flavour, level } = draft;
  draft.values = baseLoad(flavour, level, LENGTH, random, dailyShape(random));
  if (!odd) return;
  for (const begin of begins(random, 2))
    sudden(draft, begin, random.whole(15 * MINUTE, HOUR), harmfulFactor(draft, 1.7, 3));
};

const step: Shape = (draft) => {
  for (const begin of begins(draft.random, 3))
    sudden(draft, begin, draft.random.whole(15 * MINUTE, 90 * MINUTE), harmfulFactor(draft, 1.5, 3));
};

/** Grows over hours and is seen to by somebody an hour later. To be found before it is at its highest. */
const drift: Shape = (draft) => {
  for (const begin of begins(draft.random, 2)) {
    const ramp = draft.random.whole(HOUR, 3 * HOUR);
    const height = draft.random.between(0.7, 1.5);
    const end = begin + ramp + HOUR;
    multiply(draft, begin, end, (at) => 1 + height * Math.min(1, (at - begin) / ramp));
    draft.anomalies.push({ begin, end, foundBy: begin + ramp });
  }
};

const spike: Shape = (draft) => {
  for (const begin of begins(draft.random, 5))
    sudden(draft, begin, draft.random.whole(90, 5 * MINUTE), harmfulFactor(draft, 2, 5));
};

/** Grows until it is full and its process ends. To be found ten minutes before that: a remedy needs one, a human ten. */
const leak: Shape = (draft) => {
  const { random, level } = draft;
  const [begin = 0] = begins(random, 1);
  const end = begin + random.whole(2 * HOUR, 8 * HOUR);
  const capacity = level * random.between(2, 3);
  draft.capacity = capacity;
  multiply(draft, begin, end, (at) => 1 + (capacity / level - 1) * ((at - begin) / (end - begin)));
  draft.values = draft.values.map((value) => Math.min(value, capacity));
  restart(draft, end);
  draft.anomalies.push({ begin, end, foundBy: end - 10 * MINUTE });
};

/** Garbage collection or log rotation: rises for minutes or hours, and falls by itself. */
const sawtooth: Shape = (draft) => {
  const { random, level, flavour } = draft;
  draft.capacity = level * 2;
  const tooth = random.between(10 * MINUTE, 5 * HOUR);
  const height = random.between(0.3, 0.7);
  let from = -tooth * random.next();
  let fallAt = from + tooth;
  draft.values = baseLoad(flavour, level, LENGTH, random, (at) => {
    if (at >= fallAt) {
      from = fallAt;
      fallAt += tooth * random.between(0.8, 1.2);
    }
    return 1 + (height * (at - from)) / tooth;
  });
};

const flat: Shape = (draft, odd) => {
  const { random, values } = draft;
  const count = random.whole(0, 6);
  values.fill(count);
  for (const at of begins(random, 2)) {
    const end = at + random.whole(10 * MINUTE, 2 * HOUR);
    if (!odd) values.fill(count + random.whole(1, 3), at, end);
    else {
      values.fill(count * 2 + random.whole(15, 60), at, end);
      draft.anomalies.push({ begin: at, end, foundBy: at + FOUND_WITHIN });
    }
  }
};

/** Single samples and whole parts are missing; not where an anomaly begins, since nobody could find it there. */
const missingData: Shape = (draft, odd) => {
  const { random } = draft;
  const lost = random.between(0.02, 0.2);
  const found = odd ? begins(random, 2) : [];
  for (const begin of found)
    sudden(draft, begin, random.whole(15 * MINUTE, HOUR), harmfulFactor(draft, 1.7, 3));
  for (let at = 0; at < LENGTH; at++) {
    if (random.next() < lost) draft.values[at] = Number.NaN;
    if (random.next() >= 1 / (2 * HOUR)) continue;
    const end = at + random.whole(30, 20 * MINUTE);
    if (found.every((begin) => end < begin - 10 * MINUTE || at > begin + FOUND_WITHIN))
      draft.values.fill(Number.NaN, at, end);
  }
};

/** Deployments. A bad one is worse from its first second until it is rolled back by another restart. */
const deployRestart: Shape = (draft, odd) => {
  const { random } = draft;
  for (let at = 2 * HOUR; at < SCORED_FROM; at += random.whole(4 * HOUR, 9 * HOUR)) restart(draft, at);
  for (const at of begins(random, 4)) {
    restart(draft, at);
    if (!odd || random.next() < 0.5) continue;
    const end = at + random.whole(30 * MINUTE, HOUR);
    const factor = random.between(1.7, 3);
    multiply(draft, at, end, () => factor);
    draft.anomalies.push({ begin: at, end, foundBy: at + 2 * FOUND_WITHIN });
    restart(draft, end);
  }
};

/** A job of minutes, every hour: odd for who sees it for the first time, usual for who has learned it. */
const hourlyJob: Shape = (draft) => {
  const { random } = draft;
  const size = random.between(1.8, 3);
  for (let at = random.whole(0, HOUR); at < LENGTH; at += HOUR) {
    const begin = at + random.whole(0, 2 * MINUTE);
    multiply(draft, begin, begin + random.whole(2 * MINUTE, 4 * MINUTE), () => size);
  }
};

/** What each kind of series shows. Every second one, `odd`, has what must be found where a kind has both. */
export const SERIES_KINDS: Readonly<Record<string, Shape>> = {
  steady: () => undefined,
  'daily cycle': dailyCycle,
  step,
  drift,
  spike,
  leak,
  sawtooth,
  flat,
  'missing data': missingData,
  'deploy restart': deployRestart,
  'hourly job': hourlyJob,
};
/** Kinds that not every metric has: these are bounded, or counted. */
export const METRICS_OF: Readonly<Record<string, readonly string[]>> = {
  leak: ['memory', 'count'],
  sawtooth: ['memory', 'count'],
  flat: ['count'],
};
