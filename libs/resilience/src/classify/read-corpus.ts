/** One line of a file of errors; labels exist only where a human labelled the error. */
export interface CorpusLine {
  readonly id: string;
  readonly error: unknown;
  readonly dependency?: string;
  readonly kind?: string;
  readonly transient?: boolean;
  readonly acceptable?: readonly string[];
  readonly harmful?: readonly string[];
  readonly tricky?: boolean;
}

/** A line that is not `{ id, error, dependency }`. */
export class BadLineError extends Error {
  readonly code = 'CLASSIFY.BAD_LINE';

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.name = 'BadLineError';
  }
}

/** Reads one line of JSON Lines; `null` for an empty one. `number` counts from 1. @throws BadLineError */
export function readCorpusLine(text: string, number: number): CorpusLine | null {
  if (text.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadLineError(number, `not JSON (${(error as Error).message})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadLineError(number, 'not an object');
  const { id, error, dependency } = value as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') throw new BadLineError(number, '"id" is missing');
  if (typeof error !== 'string' && (typeof error !== 'object' || error === null))
    throw new BadLineError(
      number,
      '"error" must be an object { name, code, message, stack, status, body } or a text',
    );
  if (dependency !== undefined && dependency !== null && typeof dependency !== 'string')
    throw new BadLineError(number, '"dependency" must be a text');
  return { ...(value as CorpusLine), id: String(id), dependency: dependency ?? undefined } as CorpusLine;
}
