/** The data that a caller sends with each act on a process. */
export interface PlatformOperation {
  /** Chosen by the caller, once per intent: a repeated operation acts once. */
  readonly operationId: string;
  /** Fencing token of the caller's lease on the target: an epoch lower than the highest seen is refused. */
  readonly epoch: number;
  /** The requested act; a known id with another act is a mistake of the caller. */
  readonly act: string;
  readonly target: string;
}

/** A newer holder of the lease has acted on this process. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** The operation id belongs to another act. */
export class OperationReusedError extends Error {
  override readonly name = 'OperationReusedError';
}

/** The number of outcomes that are kept; the oldest are dropped first. */
const KEPT_OUTCOMES = 1_000;

/** Lets each operation act once, and only while its epoch is not outdated. */
export class PlatformOperations<T> {
  readonly #outcomes = new Map<string, { act: string; outcome: Promise<T> }>();
  readonly #epochs = new Map<string, number>();

  /**
   * Runs `act`, or returns (or throws) the result of the first run of the same operation. Throws FencedError
   * for an epoch lower than the highest seen on the target, OperationReusedError for a known id with another
   * act.
   */
  async perform(operation: PlatformOperation, act: () => Promise<T>): Promise<T> {
    const { operationId, epoch, target } = operation;
    const description = `${operation.act} ${target}`;
    const known = this.#outcomes.get(operationId);
    if (known && known.act !== description) {
      throw new OperationReusedError(`operation ${operationId} was used to ${known.act}`);
    }
    if (known) return known.outcome;
    const highest = this.#epochs.get(target) ?? 0;
    if (epoch < highest)
      throw new FencedError(`epoch ${epoch} is outdated: ${highest} has acted on ${target}`);
    this.#epochs.set(target, epoch);
    const outcome = act();
    this.#outcomes.set(operationId, { act: description, outcome });
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > KEPT_OUTCOMES && oldest !== undefined) this.#outcomes.delete(oldest);
    return outcome;
  }
}
