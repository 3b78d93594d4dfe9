import { AppError, INVALID_INPUT, type InputProblem, pointerTo } from '@gridworks/contracts';
import type { z } from 'zod';
import type { PublicRoute } from './route-declaration.ts';

/** The parts of an HTTP request that make up the input of a call. */
export interface InputParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

const MAX_PROBLEMS = 50;
const MAX_USER_AGENT = 300;
/** Members of all objects and elements of all lists of an input, together, unless the contract sets a limit. The largest other contract has about ten. */
const MAX_MEMBERS = 100;

/**
 * Returns the input of a call: the query (GET, DELETE) or the body (POST, PUT, PATCH), the parameters of the
 * path and what the gateway fills in, checked with the contract's schema. A member that the path or the
 * gateway fills in is refused in the body. Throws `PLATFORM.INVALID_INPUT` with one problem for each wrong
 * member.
 */
export function readInput(route: PublicRoute, parts: InputParts): unknown {
  const { contract, http } = route;
  if (!contract) return undefined;
  const given = route.readsBody ? (parts.body === undefined ? {} : parts.body) : parts.query;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid([{ detail: 'expected an object', pointer: '' }]);
  const most = http.memberLimit ?? MAX_MEMBERS;
  if (hasMoreMembers(given, most))
    throw invalid([{ detail: `there are more than ${most} members`, pointer: '' }]);
  const input: Record<string, unknown> = { ...given };
  const intruders = route.reserved.filter((name) => name in input);
  if (intruders.length > 0) throw invalid(intruders.slice(0, MAX_PROBLEMS).map(unknownMember));
  for (const name of route.parameters) input[name] = (parts.params as Record<string, unknown>)[name];
  if (http.addressMember) input[http.addressMember] = parts.ip;
  if (http.userAgentMember && parts.userAgent !== undefined)
    input[http.userAgentMember] = parts.userAgent.slice(0, MAX_USER_AGENT);
  const parsed = contract.input.safeParse(input);
  if (!parsed.success) throw invalid(problemsOf(parsed.error.issues));
  return parsed.data;
}

function invalid(problems: readonly InputProblem[]): AppError {
  return new AppError(INVALID_INPUT, {
    detail: 'Some members of the request are not valid; see errors.',
    problems,
  });
}

/**
 * Whether a value has more than `most` members and elements, at any depth. Visits no more than that many, so
 * that a larger refused body costs no more work.
 */
function hasMoreMembers(value: object, most: number): boolean {
  const waiting: object[] = [value];
  let count = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (Array.isArray(next) && count + next.length > most) return true;
    for (const key in next) {
      count += 1;
      if (count > most) return true;
      const member: unknown = (next as Record<string, unknown>)[key];
      if (typeof member === 'object' && member !== null) waiting.push(member);
    }
  }
  return false;
}

/** The first fifty problems. */
function problemsOf(issues: readonly z.core.$ZodIssue[]): InputProblem[] {
  const problems: InputProblem[] = [];
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    for (const key of keys.slice(0, MAX_PROBLEMS - problems.length))
      problems.push({ ...unknownMember(key), pointer: pointerTo([...issue.path, key]) });
    if (keys.length === 0) problems.push({ detail: issue.message, pointer: pointerTo(issue.path) });
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems;
}

const unknownMember = (name: string): InputProblem => ({
  detail: 'there is no such member here',
  pointer: pointerTo([name]),
});
