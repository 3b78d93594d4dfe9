import { describe, expect, it } from '@jest/globals';
import { judgeStorm, type StormObservations } from './judge-storm.ts';

const SEEN: StormObservations = {
  seed: 1,
  seconds: 60,
  kills: [
    { atMs: 4000, target: 'billing' },
    { atMs: 9000, target: 'nats' },
    { atMs: 14_000, target: 'billing' },
  ],
  outcomes: {
    200: 500,
    201: 100,
    503: 12,
    timeout: 2,
    ECONNREFUSED: 4,
    '409 PLATFORM.IDEMPOTENCY_KEY_IN_FLIGHT': 1,
  },
  brokenRepeats: [],
  partners: [
    {
      sent: [
        { subject: 'a', id: 'tic_1' },
        { subject: 'b', id: null },
        { subject: 'c', id: null },
      ],
      found: [
        { subject: 'a', id: 'tic_1' },
        { subject: 'b', id: 'tic_2' },
      ],
      usage: { answered: 400, ambiguous: 2, counted: 401 },
    },
  ],
  incidents: [
    { id: 'inc_1', title: 'billing ended', status: 'resolved', process: 'billing' },
    { id: 'inc_2', title: 'billing keeps ending', status: 'resolved', process: 'billing' },
  ],
  mails: [
    { subject: '[AUTO-RESOLVED] billing ended', incidentId: 'inc_1' },
    { subject: '[ACTION NEEDED] billing keeps ending', incidentId: 'inc_2' },
  ],
  down: [],
};
const problemsOf = (change: Partial<StormObservations>) => judgeStorm({ ...SEEN, ...change }).problems;
const [partner] = SEEN.partners as [StormObservations['partners'][number]];

describe('judgeStorm', () => {
  it('passes what is as promised, and counts it', () => {
    expect(judgeStorm(SEEN)).toMatchObject({
      passed: true,
      problems: [],
      kills: { billing: 2, nats: 1 },
      tickets: { acknowledged: 1, lost: 0, duplicated: 0, unknown: 0 },
      usage: { answered: 400, ambiguous: 2, counted: 401 },
      mails: { auto_resolved: 1, action_needed: 1 },
    });
  });

  it.each([
    [{ outcomes: { '500 PLATFORM.INTERNAL': 3 } }, '3 requests ended with 500 PLATFORM.INTERNAL'],
    [
      { outcomes: { '401 PLATFORM.UNAUTHENTICATED': 1 } },
      '1 requests ended with 401 PLATFORM.UNAUTHENTICATED',
    ],
    [{ outcomes: { '503 without retry_after': 1 } }, '1 requests ended with 503 without retry_after'],
    [
      { brokenRepeats: ['a: tic_1, then tic_2'] },
      'one Idempotency-Key opened two tickets: a: tic_1, then tic_2',
    ],
    [{ partners: [{ ...partner, found: [] }] }, '1 acknowledged tickets are lost'],
    [
      { partners: [{ ...partner, found: [...partner.found, { subject: 'b', id: 'tic_3' }] }] },
      '1 tickets exist more than once',
    ],
    [
      { partners: [{ ...partner, found: [...partner.found, { subject: 'x', id: 'tic_3' }] }] },
      '1 tickets exist that no client sent',
    ],
    [
      { partners: [{ ...partner, usage: { answered: 400, ambiguous: 2, counted: 399 } }] },
      '399 calls are counted, and 400 were answered',
    ],
    [
      { partners: [{ ...partner, usage: { answered: 400, ambiguous: 2, counted: 403 } }] },
      '403 calls are counted, and at most 402 were made',
    ],
    [{ mails: [SEEN.mails[0]!, SEEN.mails[0]!] }, '1 mails came more than once'],
    [
      { mails: [SEEN.mails[1]!, { ...SEEN.mails[1]!, incidentId: 'inc_1' }] },
      '2 mails said ACTION NEEDED for billing',
    ],
    [
      { incidents: [{ id: 'inc_1', title: 'billing ended', status: 'open', process: 'billing' }], mails: [] },
      'the incident "billing ended" is open in the end',
    ],
    [{ down: ['billing'] }, 'not running in the end: billing'],
  ])('names what is not as promised: %#', (change, problem) => {
    expect(problemsOf(change as Partial<StormObservations>)).toEqual([problem]);
  });
});
