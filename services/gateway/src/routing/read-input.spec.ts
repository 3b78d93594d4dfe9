import {
  AppError,
  createSession,
  type InputProblem,
  listTickets,
  registerPartner,
  transitionTicket,
} from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type InputParts, readInput } from './read-input.ts';
import { PublicRoute } from './route-declaration.ts';

const ID = 'tic_0UQ3kZ1aB7dEfGhIjKlMnO';
const parts = (given: Partial<InputParts>): InputParts => ({
  params: {},
  query: {},
  body: undefined,
  ip: '127.0.0.1',
  userAgent: undefined,
  ...given,
});
const transition = new PublicRoute(transitionTicket);
const login = new PublicRoute(createSession);
const list = new PublicRoute(listTickets);
const register = new PublicRoute(registerPartner);

function problemsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).problems;
  }
  throw new Error('the input was not refused');
}

/** The problems of the error that `work` throws. */
function problemsIn(work: () => unknown): readonly InputProblem[] {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.problems ?? [];
    throw error;
  }
  throw new Error('the input was accepted');
}

describe('the input of a call', () => {
  it('refuses null, and accepts a missing body as an empty object', () => {
    for (const body of [null, [], 'text', 5, true])
      expect(problemsIn(() => readInput(register, parts({ body })))).toEqual([
        { detail: 'expected an object', pointer: '' },
      ]);
    expect(problemsIn(() => readInput(register, parts({}))).map(({ pointer }) => pointer)).toContain('/name');
  });

  it.each<[string, unknown]>([
    ['members', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, 1]))],
    ['elements', { name: Array.from({ length: 100_000 }, () => 1) }],
    [
      'members, nested',
      { name: { a: Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`k${i}`, 1])) } },
    ],
    ['members, deep', JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
  ])('refuses more than a hundred %s with one problem, whatever they are', (_, body) => {
    expect(problemsIn(() => readInput(register, parts({ body })))).toEqual([
      { detail: 'there are more than 100 members', pointer: '' },
    ]);
  });

  it('names the first fifty problems, and no more', () => {
    const body = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`k${i}`, 1]));
    const problems = problemsIn(() => readInput(register, parts({ body })));
    expect(problems).toHaveLength(50);
  });

  it('joins the path with the body', () => {
    expect(readInput(transition, parts({ params: { id: ID }, body: { status: 'closed' } }))).toEqual({
      id: ID,
      status: 'closed',
    });
  });

  it('refuses a body that names a member of the path, even with the same value', () => {
    expect(
      problemsOf(() =>
        readInput(transition, parts({ params: { id: ID }, body: { id: ID, status: 'closed' } })),
      ),
    ).toEqual([{ detail: 'there is no such member here', pointer: '/id' }]);
  });

  it('fills in what only the gateway knows, and refuses it from the caller', () => {
    const body = { email: 'ada@example.com', password: 'x' };
    expect(readInput(login, parts({ body, ip: '10.0.0.9' }))).toMatchObject({ client_ip: '10.0.0.9' });
    expect(
      problemsOf(() => readInput(login, parts({ body: { ...body, client_ip: '1.1.1.1' } })))?.[0]?.pointer,
    ).toBe('/client_ip');
  });

  it('fills in defaults and turns the texts of a query into numbers', () => {
    expect(readInput(list, parts({ query: { limit: '5' } }))).toMatchObject({ limit: 5 });
    expect(readInput(list, parts({}))).toMatchObject({ limit: 10 });
  });

  it('points at each wrong member', () => {
    const problems = problemsOf(() =>
      readInput(
        register,
        parts({ body: { name: '', email: 'x', password: 'short', role: 'platform_admin' } }),
      ),
    );
    expect(problems?.map((problem) => problem.pointer).sort()).toEqual([
      '/email',
      '/name',
      '/password',
      '/role',
    ]);
  });

  it.each([
    ['list', []],
    ['text', 'x'],
    ['number', 5],
  ])('refuses a body that is a %s', (_, body) => {
    expect(problemsOf(() => readInput(register, parts({ body })))).toEqual([
      { detail: 'expected an object', pointer: '' },
    ]);
  });

  it('turns any JSON into an input or problems, and does not change Object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        try {
          readInput(register, parts({ body }));
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });

  it('limits the size of the problems of a junk body', () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]));
    expect(problemsOf(() => readInput(register, parts({ body })))?.length).toBeLessThanOrEqual(50);
  });
});
