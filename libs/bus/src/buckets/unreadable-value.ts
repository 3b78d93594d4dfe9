/** A stored value that is not JSON, or not of its shape: the cause of the error that reading it throws. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
  readonly key: string;
  /** Under which it may be replaced. */
  readonly revision: number;
  /** What is stored, as it is. */
  readonly text: string;

  constructor(key: string, revision: number, text: string, cause: unknown) {
    super(`the value of ${key} is not of its shape`, { cause });
    this.key = key;
    this.revision = revision;
    this.text = text;
  }
}
