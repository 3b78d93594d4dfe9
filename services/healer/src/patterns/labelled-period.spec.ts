import type { Pause } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pause } from '../../test/guard-under-test.ts';
import { START } from '../../test/learned-patterns.ts';
import { LABEL_MEMORY_MS } from '../guards/pause.ts';
import { LABEL_GRACE_MS, possibleCauses, whyNotTrain } from './labelled-period.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const label = (scope: string, from: number, to: number, more: Partial<Pause> = {}): Pause =>
  pause(scope, {
    effect: 'label',
    reason: 'a rehearsal',
    created_at: iso(from),
    expires_at: iso(to),
    ...more,
  });
const happened = (from: number, to = from, dependency: string | null = 'postgres') => ({
  dependency,
  first_at: iso(from),
  last_at: iso(to),
});
const why = (labels: Pause[], captured: ReturnType<typeof happened>, now = START) =>
  whyNotTrain(labels, 'billing', captured, now);

describe('what happened under a label', () => {
  const from = START - 60_000;
  const to = START - 30_000;

  it.each([
    ['before it', from - LABEL_GRACE_MS - 1, null],
    ['a moment before it', from - LABEL_GRACE_MS, 'labelled: a rehearsal'],
    ['during it', from + 1, 'labelled: a rehearsal'],
    ['a moment after it', to + LABEL_GRACE_MS, 'labelled: a rehearsal'],
    ['after it', to + LABEL_GRACE_MS + 1, null],
  ])('%s', (_when, at, expected) => {
    expect(why([label('all', from, to)], happened(at))).toBe(expected);
  });

  it('trains nothing when it only began or ended within it', () => {
    const one = label('all', from, to);
    expect(why([one], happened(from - 60_000, from))).not.toBeNull();
    expect(why([one], happened(to, to + 20_000))).not.toBeNull();
    expect(why([one], happened(from - 60_000, to + 20_000))).not.toBeNull();
  });

  it('trains when the label says so, unless another one does not', () => {
    const rehearsal = label('all', from, to, { trains: true });
    expect(why([rehearsal], happened(from))).toBeNull();
    expect(why([rehearsal, label('service:billing', from, to)], happened(from))).not.toBeNull();
  });

  it('trains during a pause that is no label', () => {
    expect(why([label('all', from, to, { effect: 'pause' })], happened(from))).toBeNull();
  });

  it.each([
    ['all', 'postgres', true],
    ['service:billing', 'postgres', true],
    ['service:support', 'postgres', false],
    ['server:postgres', 'postgres', true],
    ['server:redis', 'postgres', false],
    ['service:auth', 'auth', true],
    ['server:postgres', 'auth', true], // auth fails because PostgreSQL does
    ['server:nats', 'auth', true],
    ['server:postgres', 'smtp', false],
    ['server:postgres', null, true], // the dependency is not known
    ['remedy:platform.restart', 'postgres', false],
  ])('of %s, when %s did not answer billing: %p', (scope, dependency, covered) => {
    const reason = why([label(scope, from, to)], happened(from, from, dependency));
    expect(reason !== null).toBe(covered);
  });

  it('trains nothing when labels of its time may be forgotten', () => {
    expect(why([], happened(START - LABEL_MEMORY_MS))).toContain('too old');
    expect(why([], happened(START - LABEL_MEMORY_MS + LABEL_GRACE_MS))).toBeNull();
  });

  it('always counts as that, wherever the two meet', () => {
    const minute = fc.integer({ min: 0, max: 60 * 60_000 }).map((ms) => START - ms);
    fc.assert(
      fc.property(minute, minute, minute, minute, (a, b, c, d) => {
        const [labelFrom, labelTo] = [Math.min(a, b), Math.max(a, b)];
        const [first, last] = [Math.min(c, d), Math.max(c, d)];
        const apart = last < labelFrom - LABEL_GRACE_MS || first > labelTo + LABEL_GRACE_MS;
        expect(why([label('all', labelFrom, labelTo)], happened(first, last)) === null).toBe(apart);
      }),
    );
  });
});

describe('where an error may come from', () => {
  it('is the service, the dependency that failed, and everything that those depend on', () => {
    expect([...possibleCauses('gateway', 'auth')].sort()).toEqual([
      'auth',
      'gateway',
      'nats',
      'postgres',
      'redis',
    ]);
    expect([...possibleCauses('billing', 'smtp')].sort()).toEqual(['billing', 'smtp']);
  });
});
