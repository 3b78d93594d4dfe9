import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorsCaptured, newId } from '@gridworks/contracts';
import { counter, traceIdOf } from '@gridworks/observability';
import type { CaptureClaims } from '../captures/capture-claims.ts';
import { CaptureFollower } from '../captures/capture-follower.ts';
import { groupOf, isOfGoneCaller } from '../captures/capture-policy.ts';
import { isPartOfEnded, openCaptured } from '../captures/captured-incident.ts';
import { caughtOf, explainErrors } from '../captures/explain-errors.ts';
import { type GatheredErrors, gather, isWorse, mergeGathered } from '../captures/gathered-errors.ts';
import { reportsOf } from '../captures/join-errors.ts';
import { type CaptureLimits, giveUpFollowing } from '../captures/settle-captured.ts';
import { labelOf } from '../guards/pause.ts';
import type { HealingContext } from '../healing/healing-context.ts';
import type { CaptureState } from '../incidents/capture-state.ts';
import { type IncidentRecord, isOfCaptures } from '../incidents/incident-record.ts';
import { RecentIds } from '../state/recent-ids.ts';
import { SerialQueue } from '../state/serial-queue.ts';

/**
 * How many groups of errors may wait in memory for the next poll, and how many incidents may be held or open
 * at once.
 */
const MAX_WAITING = 1000;
const MAX_LIVE = 100;
/** The numbers of an open incident are written at most once in this time. */
const WRITE_EVERY_MS = 2000;
const CLAIM_ATTEMPTS = 10;
const CLAIM_PAUSE_MS = 30;

const droppedGroups = counter(
  'healer_capture_groups_dropped_total',
  'Groups of caught errors that were given up because too many were open',
);

interface Waiting {
  readonly captured: Pick<ErrorsCaptured, 'service' | 'instance'>;
  readonly gathered: GatheredErrors;
  readonly traceparent: string | null;
  readonly since: number;
}

const isLive = (record: IncidentRecord | null): record is IncidentRecord & { captured: CaptureState } =>
  record !== null &&
  record.captured !== null &&
  record.merged_into === null &&
  record.incident.status !== 'resolved';

/**
 * Finds or opens the incident that caught errors belong to, and follows each incident to its end. A new
 * incident is stored before the event is acknowledged; only numbers wait in memory.
 */
export class ErrorIntake {
  readonly #queue = new SerialQueue();
  readonly #recent = new RecentIds(20_000);
  /** Further errors of open incidents. They are written once per poll, not once per event. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #follower: CaptureFollower;
  #polling = false;

  constructor(
    private readonly context: HealingContext,
    private readonly claims: CaptureClaims,
    private readonly limits: CaptureLimits,
  ) {
    this.#follower = new CaptureFollower(context, claims, limits);
  }

  /**
   * Processes the errors that a process caught; a repeated capture is ignored. Resolves once their incident
   * is stored. Throws `PLATFORM.UNAVAILABLE` while the bus is away: then the event must be delivered again.
   */
  take(captured: ErrorsCaptured, traceparent: string | null = null): Promise<void> {
    const now = this.context.clock();
    const groups = new Map<string, GatheredErrors>();
    const ids: string[] = [];
    for (const capture of captured.captures) {
      if (isOfGoneCaller(capture) || !this.#recent.add(capture.id)) continue;
      ids.push(capture.id);
      const group = groupOf(captured.instance, capture);
      const known = groups.get(group);
      const one = gather(captured.instance, capture, now);
      groups.set(group, known ? mergeGathered(known, one) : one);
    }
    return this.#queue.run(async () => {
      try {
        for (const gathered of groups.values())
          await this.#receive({ captured, gathered, traceparent, since: now });
      } catch (error) {
        for (const id of ids) this.#recent.forget(id);
        throw error;
      }
    });
  }

  /**
   * Writes the waiting errors, and continues every incident that is due. Called a few times a second; never
   * throws.
   */
  async poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    try {
      await this.#queue.run(() => this.#poll());
    } finally {
      this.#polling = false;
    }
  }

  async #poll(): Promise<void> {
    const { clock, incidents, logger } = this.context;
    const due = clock() - Math.min(WRITE_EVERY_MS, this.limits.quietMs / 4);
    for (const [group, waiting] of [...this.#waiting]) {
      if (waiting.since > due && this.#live(group)) continue;
      this.#waiting.delete(group);
      await this.#store(waiting).catch((error: unknown) => {
        this.#waiting.set(group, waiting);
        logger.log('captured_error.write_failed', { error, group });
      });
    }
    for (const record of incidents.all().filter(isOfCaptures))
      await this.#follower
        .goOn(record)
        .catch((error: unknown) =>
          logger.log('incident.captures_unfollowed', { error, incident: record.incident.id }),
        );
  }

  async #receive(more: Waiting): Promise<void> {
    const { group } = more.gathered.state;
    const waiting = this.#waiting.get(group);
    const all = waiting
      ? { ...more, gathered: mergeGathered(waiting.gathered, more.gathered), since: waiting.since }
      : more;
    const live = this.#live(group);
    this.#waiting.delete(group);
    if (live && !isWorse(all.gathered.state, live.captured)) {
      this.#waiting.set(group, all);
      if (this.#waiting.size > MAX_WAITING) {
        this.#waiting.delete(this.#waiting.keys().next().value as string);
        droppedGroups.inc();
      }
      return;
    }
    await this.#store(all);
  }

  async #store({ captured, gathered, traceparent }: Waiting): Promise<void> {
    const { clock, incidents } = this.context;
    const { service, instance } = captured;
    const { group } = gathered.state;
    if (this.#isReportedAlready(service, instance, gathered)) return;
    const id = newId('incident', clock());
    for (let attempt = 1; ; attempt++) {
      const live = this.#live(group);
      const home = live ?? this.#ended(gathered);
      if (home) {
        const written = await this.#follower.add(home.incident.id, gathered);
        if (written && (written.incident.status === 'resolved' || isLive(written))) return;
        continue;
      }
      const owner = await this.claims.group(group, id, (other) => isLive(incidents.get(other)));
      if (owner === id || attempt >= CLAIM_ATTEMPTS) break;
      if (!isLive(await incidents.fresh(owner))) await sleep(CLAIM_PAUSE_MS);
    }
    await this.#makeRoom();
    const now = clock();
    const target = { kind: 'service' as const, name: service, process: instance };
    await incidents.insert(
      openCaptured(service, instance, gathered, {
        id,
        now,
        holdUntil: now + this.limits.holdMs,
        traceparent,
        traceId: traceIdOf(traceparent ?? undefined),
        experiment: labelOf(await this.context.pauses.read(), target, now),
      }),
    );
  }

  #live(group: string) {
    return this.context.incidents
      .all()
      .find(
        (record): record is IncidentRecord & { captured: CaptureState } =>
          record.captured?.group === group && isLive(record),
      );
  }

  /** The ended incident that these errors are a part of. */
  #ended(gathered: GatheredErrors): IncidentRecord | undefined {
    return this.context.incidents
      .all()
      .find((record) => record.captured?.group === gathered.state.group && isPartOfEnded(record, gathered));
  }

  /** Whether the incident that caused the errors reports all of these kinds already. */
  #isReportedAlready(service: string, process: string, gathered: GatheredErrors): boolean {
    const behind = explainErrors(caughtOf(service, process, gathered), this.context.incidents.all());
    return behind !== null && reportsOf(behind, service, gathered);
  }

  /**
   * Incidents of caught errors share a bucket of 16 MiB with those of processes: before there are too many,
   * the oldest of them ends.
   */
  async #makeRoom(): Promise<void> {
    const { clock, incidents } = this.context;
    const live = incidents.all().filter(isLive);
    for (const record of live.slice(MAX_LIVE - 1)) {
      droppedGroups.inc();
      if (record.hold_until !== null) await this.#follower.forget(record);
      else await incidents.change(record.incident.id, (latest) => giveUpFollowing(latest, clock()));
    }
  }
}
