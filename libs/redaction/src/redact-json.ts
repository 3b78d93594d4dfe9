import { redact } from './redact.ts';
import { applyRules, mayHoldSecret } from './redact-text.ts';

const WHOLE = {
  maxLength: Number.POSITIVE_INFINITY,
  maxNodes: Number.POSITIVE_INFINITY,
  maxDepth: 200,
  maxEntries: Number.POSITIVE_INFINITY,
};

/**
 * A line of JSON without secrets in its keys and values; the result is JSON. A line without a mark is
 * returned unchanged, after a search that costs less than writing the line. `from`: the index at which the
 * search starts, when the text before it is known. A text that is not JSON is redacted as text.
 */
export function redactJson(line: string, from = 0): string {
  if (!mayHoldSecret(line, from)) return line;
  try {
    const json = JSON.stringify(redact(JSON.parse(line), WHOLE));
    return line.endsWith('\n') ? `${json}\n` : json;
  } catch {
    return applyRules(line);
  }
}
