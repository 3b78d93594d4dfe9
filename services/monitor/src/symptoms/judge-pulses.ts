import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import { usedShareOf } from '../pulses/disk-use.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { condition, explained } from './judge-instance.ts';

/** Older pulses say nothing about now. */
const FRESH_MS = 3000;

/** Faults that pulses show and that are no reason to restart a process. Each function is one signal. */
export function judgePulses(
  instances: readonly TrackedInstance[],
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  const fresh = instances.filter((one) => one.received && !one.unresponsive && now - one.seenAt < FRESH_MS);
  return [
    ...fresh.flatMap((one) => overloaded(one)),
    ...fillingDisks(fresh),
    ...fresh.flatMap((one) => skewed(one)),
    ...fresh.flatMap((one) => exhausting(one, servers, now)),
    ...fresh.flatMap((one) => fillingMemory(one, now)),
    ...failingPages(fresh, servers, now),
  ];
}

function fillingMemory(known: TrackedInstance, now: number): Condition[] {
  const filling = known.memory.filling(now);
  const { memory_limit_bytes } = known.pulse;
  return filling
    ? [condition(known, 'memory.filling', known.seenAt, { ...filling, memory_limit_bytes })]
    : [];
}

/** The flood that a gateway reports. */
export const overloadOf = ({ pulse }: TrackedInstance): string | undefined =>
  pulse.degraded.find((text) => text.startsWith('overload:'));

function overloaded(known: TrackedInstance): Condition[] {
  const text = overloadOf(known);
  if (known.pulse.service !== 'gateway' || text === undefined) return [];
  const evidence = { degraded: text, in_flight: known.pulse.in_flight };
  return [condition(known, 'gateway.overloaded', known.seenAt, evidence)];
}

/** One condition for each disk: instances that report the same folder (without one, the same size) share it. */
function fillingDisks(instances: readonly TrackedInstance[]): Condition[] {
  const disks = new Map<string | number | undefined, TrackedInstance>();
  for (const one of instances) {
    if (!one.disk.isFilling) continue;
    const disk = one.pulse.disk_folder ?? one.pulse.disk_total_bytes;
    const first = disks.get(disk);
    if (!first || one.pulse.instance < first.pulse.instance) disks.set(disk, one);
  }
  return [...disks.values()].map((one) => {
    const { disk_folder, disk_free_bytes, disk_total_bytes } = one.pulse;
    const used = `${Math.round((usedShareOf(one.pulse) ?? 0) * 100)} %`;
    return condition(one, 'disk.filling', one.seenAt, {
      used,
      disk_folder,
      disk_free_bytes,
      disk_total_bytes,
    });
  });
}

/** How much the clock of a process may differ from monitor's, ms. */
export const MOST_SKEW_MS = 5000;

/**
 * The condition for a clock whose skew is too large, by the last pulse. A late pulse makes the clock appear
 * behind for a moment.
 */
function skewed(known: TrackedInstance): Condition[] {
  if (Math.abs(known.skewMs) <= MOST_SKEW_MS) return [];
  return [
    condition(known, 'clock.skewed', known.seenAt, { ahead_ms: known.skewMs, sent_at: known.pulse.sent_at }),
  ];
}

/** Refusals come in bursts, since those who wait are refused after a second. */
const REFUSED_FOR_MS = 2500;

/**
 * Connections run out: even critical requests wait for one, or some were refused. A `warning` alone is eased by a short
 * wait. A pool that runs out with its server has a signal of the server's own.
 */
function exhausting(
  known: TrackedInstance,
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  const short = known.pulse.dependencies.find(
    ({ pool }) =>
      pool && (now - known.refusedAt < REFUSED_FOR_MS || (pool.level === 'emergency' && pool.waiting > 0)),
  );
  if (!short?.pool || explained(known.pulse.service, servers, now)) return [];
  return [condition(known, 'pool.exhausting', known.seenAt, { dependency: short.name, ...short.pool })];
}

/** The share of browsers, of those that report anything of a build, that must report a failure. */
export const FAILING_BROWSERS_SHARE = 0.25;
/** The number of such browsers that is needed as well: one page that fails again and again is one browser. */
export const FAILING_BROWSERS_AT_LEAST = 5;

/**
 * One condition for all gateways: the build that fails in most browsers. Each gateway is judged alone, since a browser
 * may report to all of them. Pages that fail with a server have a signal of their own.
 */
function failingPages(
  instances: readonly TrackedInstance[],
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  const builds = instances
    .flatMap((known) => (known.pulse.frontend ?? []).map((build) => ({ known, ...build })))
    .filter(
      ({ browsers, failing }) =>
        failing >= FAILING_BROWSERS_AT_LEAST && failing >= FAILING_BROWSERS_SHARE * browsers,
    )
    .sort((a, b) => b.failing - a.failing);
  const [worst] = builds;
  if (!worst || explained('gateway', servers, now)) return [];
  const { known, build, browsers, failing, sample } = worst;
  const what = sample ? ` (page ${sample.page}, request_id ${sample.request_id}): ${sample.message}` : '';
  const error = `build ${build} fails in ${failing} of ${browsers} browsers${what}`;
  return [
    {
      ...condition(known, 'frontend.failing', known.seenAt, { error, build, browsers, failing, ...sample }),
      // Pages are the same from every gateway: which one received the reports says nothing.
      target: { kind: 'service', name: 'gateway', process: 'gateway' },
    },
  ];
}
