import pino from 'pino';

/**
 * An error in the form of a log line: type, message, stack, own members, causes. pino's serializer marks the
 * error while it reads it, and throws when it cannot: for a frozen or sealed error, or a member that throws
 * when it is read. A log line must never end the process, so such an error is read without marks, and without
 * the members that throw.
 */
export function serializeError(error: unknown): unknown {
  try {
    return pino.stdSerializers.errWithCause(error as Error);
  } catch {
    return readError(error);
  }
}

const DEEPEST = 5;

function readError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const line: Record<string, unknown> = { type: nameOf(error) };
  for (const name of ['message', 'stack', ...Object.keys(error)]) {
    const value = memberOf(error, name);
    if (value !== undefined && name !== 'cause') line[name] = value instanceof Error ? String(value) : value;
  }
  const cause = memberOf(error, 'cause');
  if (cause !== undefined && depth < DEEPEST) line.cause = readError(cause, depth + 1);
  return line;
}

const nameOf = (error: Error): string => String(memberOf(error, 'name') ?? 'Error');

function memberOf(error: Error, name: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
