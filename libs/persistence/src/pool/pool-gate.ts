import { AppError, type Criticality, REDUCED_CAPACITY } from '@gridworks/contracts';
import { normalRoom, type PoolLevel, poolLevel } from './pool-levels.ts';
import { SteadyLevel } from './steady-level.ts';

/** The work that needs a connection. Work of the service itself, outside of any request, is critical. */
export interface PoolWork {
  readonly criticality: Criticality;
  /** Whom the work is for: no caller takes the whole room of the others. */
  readonly caller: string | undefined;
  /** Epoch ms; after it nobody waits for the result. */
  readonly deadlineAt: number | undefined;
}

/** A change of the level, with the figures of that moment. */
export interface PoolTransition {
  /** Epoch ms. */
  readonly at: number;
  readonly from: PoolLevel;
  readonly to: PoolLevel;
  readonly in_use: number;
  readonly queued: number;
  readonly max: number;
}

/** What the gate has done since the start of the process. */
export interface PoolGateCounts {
  /** Normal work that waited and was then done. */
  readonly queued: number;
  /** Normal work that was refused. */
  readonly refused: number;
}

export interface PoolGateOptions {
  /** The most connections that the pool makes now. */
  readonly max: () => number;
  /** Epoch ms. */
  readonly now?: () => number;
  readonly onTransition?: (transition: PoolTransition) => void;
}

/** At `warning` and above, a caller has at most so many connections: critical work of one must not starve the others. */
export const MOST_PER_CALLER = 5;
/** Work waits at most so long, and never past its deadline. Milliseconds. */
export const WAIT_AT_MOST_MS = 1000;
/** Time that the work itself needs when its turn comes shortly before its deadline. Milliseconds. */
const WORK_NEEDS_MS = 250;
/** Normal work waits only while at most so many wait for each connection of the pool. */
const QUEUE_PER_CONNECTION = 8;
/** When a caller who was refused should come again. Milliseconds. */
const RETRY_AFTER_MS = 1000;

interface Waiting {
  readonly work: PoolWork;
  readonly admit: () => void;
  readonly refuse: () => void;
}

/**
 * Decides who gets a connection while connections run out, before the pool is asked for one. Critical work passes. Normal
 * work uses 85 % of the pool at most: beyond that it waits, and is let in as others leave; from 92 % on new normal work is
 * refused with `REDUCED_CAPACITY` until the use is below 88 %. From 85 % on every caller has five connections at most, and
 * waits for its sixth. Pure counting: it knows no connection.
 */
export class PoolGate {
  readonly #options: Required<PoolGateOptions>;
  readonly #callers = new Map<string, number>();
  readonly #levels = new SteadyLevel(
    () => poolLevel(this.#levels.now, this.#used, this.#waiting.length, this.#options.max()),
    (from, to) => this.#tell(from, to),
  );
  #waiting: Waiting[] = [];
  #used = 0;
  #isOff = false;
  #queuedTotal = 0;
  #refusedTotal = 0;

  constructor(options: PoolGateOptions) {
    this.#options = { now: Date.now, onTransition: () => undefined, ...options };
  }

  get level(): PoolLevel {
    return this.#levels.now;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  counts(): PoolGateCounts {
    return { queued: this.#queuedTotal, refused: this.#refusedTotal };
  }

  /** Turns the gate off (everything passes at once), or on again. */
  turn(off: boolean): void {
    this.#isOff = off;
    this.#settle();
  }

  /** Call when the size of the pool has changed. */
  resized(): void {
    this.#settle();
  }

  /**
   * Takes a place for the work; call `leave` with the same work afterwards. Returns a promise only when the work has to
   * wait. Throws, or rejects with, `REDUCED_CAPACITY` when it gets no place.
   */
  enter(work: PoolWork): Promise<void> | undefined {
    if (this.#mayPass(work)) {
      this.#take(work);
      this.#assess();
      return undefined;
    }
    const patienceMs = this.#patienceMs(work);
    if (patienceMs <= 0 || (work.criticality === 'normal' && this.#isFull())) throw this.#refuse();
    return this.#wait(work, patienceMs);
  }

  leave(work: PoolWork): void {
    this.#used--;
    this.#count(work, -1);
    this.#settle();
  }

  #mayPass({ caller, criticality }: PoolWork): boolean {
    if (this.#isOff) return true;
    const isShort = this.#levels.now !== 'normal' && caller !== undefined;
    if (isShort && (this.#callers.get(caller) ?? 0) >= MOST_PER_CALLER) return false;
    return criticality === 'critical' || this.#used < normalRoom(this.#options.max());
  }

  /** Nothing more may wait. */
  #isFull(): boolean {
    return (
      this.#levels.now === 'emergency' || this.#waiting.length >= this.#options.max() * QUEUE_PER_CONNECTION
    );
  }

  #take(work: PoolWork): void {
    this.#used++;
    this.#count(work, 1);
  }

  #count({ caller }: PoolWork, by: number): void {
    if (caller === undefined) return;
    const count = (this.#callers.get(caller) ?? 0) + by;
    if (count > 0) this.#callers.set(caller, count);
    else this.#callers.delete(caller);
  }

  #wait(work: PoolWork, patienceMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      waiting.refuse();
      this.#assess();
    }, patienceMs).unref();
    const waiting: Waiting = {
      work,
      admit: () => {
        clearTimeout(timer);
        this.#queuedTotal++;
        this.#take(work);
        resolve();
      },
      refuse: () => reject(this.#refuse()),
    };
    this.#waiting.push(waiting);
    this.#assess();
    return promise;
  }

  #patienceMs({ deadlineAt }: PoolWork): number {
    if (deadlineAt === undefined) return WAIT_AT_MOST_MS;
    return Math.min(WAIT_AT_MOST_MS, deadlineAt - this.#options.now() - WORK_NEEDS_MS);
  }

  #refuse(): AppError {
    this.#refusedTotal++;
    return new AppError(REDUCED_CAPACITY, {
      detail: 'Too many requests need the database at once. Nothing was done; send the request again later.',
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  /** Lets in all who may pass now, the longest wait first. */
  #settle(): void {
    for (let i = 0; i < this.#waiting.length; ) {
      const next = this.#waiting[i] as Waiting;
      if (this.#mayPass(next.work)) {
        this.#waiting.splice(i, 1);
        next.admit();
      } else i++;
    }
    this.#assess();
  }

  #assess(): void {
    if (this.#isOff) this.#levels.reset();
    else this.#levels.assess();
  }

  #tell(from: PoolLevel, to: PoolLevel): void {
    const { max, now, onTransition } = this.#options;
    const size = max();
    // Critical work beyond the size of the pool waits, too: for a connection.
    const beyond = Math.max(0, this.#used - size);
    const queued = this.#waiting.length + beyond;
    onTransition({ at: now(), from, to, in_use: this.#used - beyond, queued, max: size });
  }
}
