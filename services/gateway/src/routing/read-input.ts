import { AppError, INVALID_INPUT, type InputProblem } from '@gridworks/contracts';
import type { z } from 'zod';
import { readIdempotencyKey } from './idempotency-key.ts';
import type { PublicRoute } from './route-declaration.ts';

/** The parts of an HTTP request that make up the input of a call. */
export interface InputParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ip: string;
  readonly idempotencyKey: string | undefined;
}

const mostProblems = 50;

/**
 * The input of a call: the query (GET, DELETE) or the body (POST, PUT, PATCH), the parameters of the path and what the
 * door fills in, checked with the contract's schema. A member that belongs to the path or to the door cannot be
 * given in the body. Throws `PLATFORM.INVALID_INPUT` with one problem for each thing wrong.
 */
export function readInput(route: PublicRoute, parts: InputParts): unknown {
  const { contract } = route.declaration;
  if (!contract) return undefined;
  const given = route.readsBody ? (parts.body ?? {}) : parts.query;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid([{ detail: 'expected an object', pointer: '' }]);
  const input: Record<string, unknown> = { ...given };
  const intruders = [...route.parameters, ...route.filled.map(([member]) => member)].filter(
    (name) => name in input,
  );
  if (intruders.length > 0) throw invalid(intruders.map(unknownMember));
  for (const name of route.parameters) input[name] = (parts.params as Record<string, unknown>)[name];
  for (const [member, from] of route.filled) {
    if (from === 'client-ip') input[member] = parts.ip;
    else if (parts.idempotencyKey !== undefined) input[member] = readIdempotencyKey(parts.idempotencyKey);
  }
  const parsed = contract.input.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(problemsOf));
  return parsed.data;
}

function invalid(problems: readonly InputProblem[]): AppError {
  return new AppError(INVALID_INPUT, {
    detail: 'Some members of the request are not valid; see errors.',
    problems: problems.slice(0, mostProblems),
  });
}

function problemsOf(issue: z.core.$ZodIssue): InputProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ ...unknownMember(key), pointer: pointerTo([...issue.path, key]) }));
  return [{ detail: issue.message, pointer: pointerTo(issue.path) }];
}

const unknownMember = (name: string): InputProblem => ({
  detail: 'there is no such member here',
  pointer: pointerTo([name]),
});

/** JSON Pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
