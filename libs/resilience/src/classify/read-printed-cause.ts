import { MAX_TEXT } from './error-facts.ts';
import { property, textOf } from './read-property.ts';

const CAUSE =
  /(?:\[?cause\]?:|caused by:|\[errors\]: \[)\s{0,8}(?:(_?\w{1,60}(?:Error|Exception)\w{0,40})(?: \[(\w{1,60})\])?:? )?([^\n]{0,400})/i;
/** A property as the runtime prints it: unquoted name, on a line of its own. */
const CODE = /^\s{0,40}code: ?['"]([\w-]{2,60})['"]/m;

/**
 * The cause that a log kept as text: `[cause]: ConnectTimeoutError: … code: 'UND_ERR_CONNECT_TIMEOUT'`. Used
 * only when the error itself has no evidence: a stack contains words of other code, too.
 */
export function readPrintedCause(error: unknown): object | undefined {
  const stack = textOf(property(error, 'stack'))?.slice(0, MAX_TEXT);
  if (!stack) return undefined;
  const found = CAUSE.exec(stack);
  const code = CODE.exec(found ? stack.slice(found.index) : stack)?.[1];
  if (!found && !code) return undefined;
  return { name: found?.[1] ?? '', code: code ?? found?.[2] ?? '', message: found?.[3] ?? '' };
}
