import { type Pause, pauseSchema, timestampSchema } from '@gridworks/contracts';
import { type IdempotentCall, keyDigests, keyReused } from '@gridworks/persistence/key-digests';
import { z } from 'zod';
import { type KeyValue, replaceDocument } from '../state/key-value.ts';
import { versioned } from '../state/versioned.ts';
import { endNow, inForce, LABEL_MEMORY_MS, rememberedLabels } from './pause.ts';

const KEY = 'pauses';
/** More than humans will ever make at once. */
const MAX_PAUSES = 200;

/** How long the pause that was made under an idempotency key is kept, and of how many keys, the newest. */
const KEYS_KEPT_MS = 48 * 3_600_000;
const MAX_KEYS = 100;

/** A pause that was made under an idempotency key; `id` and `request` are digests, see `keyDigests()`. */
const madeUnderKey = z.object({
  id: z.string(),
  request: z.string(),
  pause: pauseSchema,
  at: timestampSchema,
});
type MadeUnderKey = z.output<typeof madeUnderKey>;

/**
 * All pauses in one document: the pauses in force are read with one request before each act. Keys stand in the same
 * document, so that a pause and its key are written together.
 */
const pauseDocumentSchema = z.object({
  pauses: z.array(pauseSchema),
  keys: z.array(madeUnderKey).optional(),
});
export type PauseDocument = z.output<typeof pauseDocumentSchema>;
/** The stored form. Documents from before versioning are the list alone. */
export const pausesSchema = z
  .preprocess(
    (stored) => (Array.isArray(stored) ? { pauses: stored } : stored),
    versioned(pauseDocumentSchema),
  )
  .pipe(z.custom<PauseDocument>());
const NONE: PauseDocument = { pauses: [] };

const UNREADABLE = 'unreadable';
/**
 * The pause that counts while the stored pauses cannot be read: it is not known what was paused, so
 * everything is paused. The next new pause replaces it; it can also be removed like any other.
 */
export function pauseOfUnreadable(now: number): PauseDocument {
  const pause: Pause = {
    object: 'pause',
    id: `pau_${'0'.repeat(22)}`,
    scope: 'all',
    effect: 'pause',
    reason:
      'The stored pauses cannot be read, so that everything is paused. Make a new pause, or remove this one, to replace them.',
    trains: false,
    created_by: UNREADABLE,
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + 24 * 3_600_000).toISOString(),
  };
  return { pauses: [pause] };
}

const isStandIn = ({ created_by }: Pause): boolean => created_by === UNREADABLE;
const isLabel = ({ effect }: Pause): boolean => effect === 'label';

/** The pauses and labels in the bucket `healer_pauses`. */
export class PauseRepository {
  /** The pauses as last read. The bus watchdog has only these while the bus is away. */
  #last: readonly Pause[] = [];

  constructor(
    private readonly bucket: KeyValue<PauseDocument>,
    private readonly clock: () => number,
  ) {}

  /**
   * Returns the pauses and labels in force. Throws `PLATFORM.UNAVAILABLE` when they cannot be read: then no
   * act may be done.
   */
  async read(): Promise<Pause[]> {
    const stored = await this.bucket.get(KEY);
    this.#last = stored?.value.pauses ?? [];
    return inForce(this.#last, this.clock());
  }

  /**
   * Returns every label of the last two hours, those in force and those that ended: an error that is reported
   * late may have happened under one of them. Throws `PLATFORM.UNAVAILABLE` when they cannot be read: then
   * nothing may train.
   */
  async labels(): Promise<Pause[]> {
    const pauses = (await this.bucket.get(KEY))?.value.pauses ?? [];
    const now = this.clock();
    const standIn = pauses.find(isStandIn);
    // It is not known which labels there were: nothing trains.
    if (standIn)
      return [{ ...standIn, effect: 'label', created_at: new Date(now - LABEL_MEMORY_MS).toISOString() }];
    return [...rememberedLabels(pauses, now), ...inForce(pauses, now).filter(isLabel)];
  }

  lastKnown(): Pause[] {
    return inForce(this.#last, this.clock());
  }

  async add(pause: Pause): Promise<Pause> {
    await this.#replace((pauses) => [...pauses, pause].slice(-MAX_PAUSES));
    return pause;
  }

  /**
   * Adds the pause once for each key: a repeat gets the pause of the first time, and `made` is false. Throws
   * `IDEMPOTENCY_KEY_REUSED` for another request under the same key.
   */
  async addOnce(pause: Pause, call: IdempotentCall): Promise<{ pause: Pause; made: boolean }> {
    const { id, request } = keyDigests(call);
    const at = new Date(this.clock()).toISOString();
    let known: MadeUnderKey | undefined;
    await this.#replace(
      (pauses) => (known ? pauses : [...pauses, pause].slice(-MAX_PAUSES)),
      [],
      (keys) => {
        known = keys.find((one) => one.id === id);
        if (known && known.request !== request) throw keyReused();
        return known ? keys : [...keys, { id, request, pause, at }].slice(-MAX_KEYS);
      },
    );
    return { pause: known?.pause ?? pause, made: known === undefined };
  }

  /** Ends a pause or label before it expires and returns it as it was; null when it is not in force. */
  async remove(id: string): Promise<Pause | null> {
    const removed = (await this.read()).find((pause) => pause.id === id) ?? null;
    if (!removed) return null;
    await this.#replace(
      (pauses) => pauses.filter((pause) => pause.id !== id),
      // A label that is removed is remembered with the time of its removal.
      isLabel(removed) ? [endNow(removed, this.clock())] : [],
    );
    return removed;
  }

  /**
   * Writes the document again: the bucket deletes a document that was not written for a day, ended labels
   * included.
   */
  async renew(): Promise<void> {
    await replaceDocument<PauseDocument, void>(this.bucket, KEY, NONE, ({ pauses, keys = [] }) => {
      const now = this.clock();
      const next = [...rememberedLabels(pauses, now), ...inForce(pauses, now)];
      // Only people replace a document that cannot be read.
      const keep = pauses.length + keys.length === 0 || pauses.some(isStandIn);
      return { next: keep ? null : asDocument(next, keptKeys(keys, now)), result: undefined };
    });
  }

  #replace(
    change: (pauses: Pause[]) => Pause[],
    ended: readonly Pause[] = [],
    changeKeys: (keys: MadeUnderKey[]) => MadeUnderKey[] = (keys) => keys,
  ): Promise<void> {
    return replaceDocument<PauseDocument, void>(this.bucket, KEY, NONE, (document) => {
      const now = this.clock();
      const keys = changeKeys(keptKeys(document.keys ?? [], now));
      const pauses = document.pauses.filter((pause) => !isStandIn(pause));
      const next = [...rememberedLabels([...pauses, ...ended], now), ...change(inForce(pauses, now))];
      this.#last = next;
      return { next: asDocument(next, keys), result: undefined };
    });
  }
}

const keptKeys = (keys: readonly MadeUnderKey[], now: number): MadeUnderKey[] =>
  keys.filter(({ at }) => now - Date.parse(at) < KEYS_KEPT_MS);

const asDocument = (pauses: Pause[], keys: MadeUnderKey[]): PauseDocument =>
  keys.length === 0 ? { pauses } : { pauses, keys };
