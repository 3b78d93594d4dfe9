import {
  AppError,
  DEADLINE_EXCEEDED,
  defineError,
  type ErrorKind,
  INTERNAL,
  INVALID_INPUT,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { NEAR_MISSES, SECRETS } from '../../../../libs/redaction/test/corpus.ts';
import { METHOD_NOT_ALLOWED, QUOTA_EXCEEDED } from './gateway.errors.ts';
import { problemDetails, statusOf } from './problem-details.ts';

const occurrence = { requestId: 'req_1', instance: '/v1/tickets' };
const errorOf = (kind: ErrorKind, retryAfterMs?: number) =>
  new AppError(defineError({ code: 'TEST.FAILED', kind, title: 'It failed' }), {
    detail: 'It failed because.',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

describe('problem details', () => {
  it.each<[ErrorKind, number]>([
    ['invalid_input', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['unprocessable', 422],
    ['rate_limited', 429],
    ['unavailable', 503],
    ['deadline_exceeded', 503],
    ['internal', 500],
  ])('maps %s to %i', (kind, status) => {
    expect(problemDetails(errorOf(kind), occurrence)).toMatchObject({
      status,
      title: 'It failed',
      instance: '/v1/tickets',
      code: 'TEST.FAILED',
      request_id: 'req_1',
    });
  });

  it('names a type of the IANA registry for 503 and 429, a page of its own for the rest', () => {
    const registry = 'https://iana.org/assignments/http-problem-types';
    expect(problemDetails(errorOf('unavailable'), occurrence).type).toBe(
      `${registry}#temporary-reduced-capacity`,
    );
    expect(problemDetails(new AppError(QUOTA_EXCEEDED), occurrence).type).toBe(`${registry}#quota-exceeded`);
    expect(problemDetails(errorOf('rate_limited'), occurrence).type).toBe(
      `${registry}#abnormal-usage-detected`,
    );
    expect(problemDetails(errorOf('conflict'), occurrence).type).toBe('/problems/TEST.FAILED');
  });

  it('says when a retry may help, in whole seconds and never too early', () => {
    expect(problemDetails(errorOf('unavailable', 1001), occurrence).retry_after).toBe(2);
    expect(problemDetails(errorOf('unavailable', 10), occurrence).retry_after).toBe(1);
    expect(problemDetails(new AppError(DEADLINE_EXCEEDED), occurrence).retry_after).toBe(1);
    expect(problemDetails(errorOf('not_found'), occurrence)).not.toHaveProperty('retry_after');
  });

  it.each([INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED])('keeps the detail of $code inside', (definition) => {
    const problem = problemDetails(new AppError(definition, { detail: 'relation "x" of rpc.y' }), occurrence);
    expect(JSON.stringify(problem)).not.toContain('relation');
  });

  it.each(SECRETS)('sends no secret back: $name', ({ text, secrets }) => {
    const problems = [{ detail: text, pointer: '/a' }];
    const error = new AppError(INVALID_INPUT, { detail: text, problems });
    const document = JSON.stringify(problemDetails(error, { requestId: 'req_1', instance: `/v1/${text}` }));
    for (const secret of secrets) {
      expect(document).not.toContain(secret);
      expect(document).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });

  it.each(NEAR_MISSES)('leaves unchanged: %s', (text) => {
    const problems = [{ detail: text, pointer: '/a' }];
    const document = problemDetails(new AppError(INVALID_INPUT, { detail: text, problems }), occurrence);
    expect(document).toMatchObject({ detail: text, errors: problems });
  });

  it('lists what is wrong with the input', () => {
    const problems = [{ detail: 'too short', pointer: '/name' }];
    expect(problemDetails(new AppError(INVALID_INPUT, { problems }), occurrence).errors).toEqual(problems);
  });

  it('lists the policies that were violated', () => {
    const error = new AppError(QUOTA_EXCEEDED, { details: { 'violated-policies': ['burst'], secret: 1 } });
    const problem = problemDetails(error, occurrence);
    expect(problem['violated-policies']).toEqual(['burst']);
    expect(problem).not.toHaveProperty('secret');
  });

  it('gives errors of the gateway their specific HTTP statuses', () => {
    expect(statusOf(METHOD_NOT_ALLOWED)).toBe(405);
  });
});
