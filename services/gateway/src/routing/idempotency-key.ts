import { AppError, INVALID_INPUT } from '@gridworks/contracts';

const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const BARE = /^[\x21\x23-\x2b\x2d-\x7e]+$/;
const LONGEST = 255;

/**
 * Reads an `Idempotency-Key`: a structured-field string (`"8e03…"`) or the bare text. Throws
 * `PLATFORM.INVALID_INPUT` for an empty, overlong or malformed key, and when the header was sent twice.
 */
export function readIdempotencyKey(header: string): string {
  const text = QUOTED.exec(header.trim())?.[1]?.replace(/\\(["\\])/g, '$1') ?? header.trim();
  const isQuoted = header.trim().startsWith('"');
  if (
    text.length === 0 ||
    text.length > LONGEST ||
    (isQuoted ? !QUOTED.test(header.trim()) : !BARE.test(text))
  )
    throw new AppError(INVALID_INPUT, {
      detail: `Idempotency-Key must be a string of 1 to ${LONGEST} characters.`,
    });
  return text;
}
