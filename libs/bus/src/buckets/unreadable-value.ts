/**
 * A stored value that is not JSON, or does not fit its schema. The cause of the error that a read of the
 * value throws.
 */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
  readonly key: string;
  /** The revision under which the value may be replaced. */
  readonly revision: number;
  /** The stored text, unchanged. */
  readonly text: string;

  constructor(key: string, revision: number, text: string, cause: unknown) {
    super(`the value of ${key} does not fit its schema`, { cause });
    this.key = key;
    this.revision = revision;
    this.text = text;
  }
}
