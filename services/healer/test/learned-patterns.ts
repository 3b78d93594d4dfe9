import { type CapturedError, type ErrorsCaptured, type HealingStrategy, newId } from '@gridworks/contracts';
import { type ErrorSighting, newPattern, type PatternRecord } from '../src/patterns/pattern.ts';

export const START = Date.UTC(2026, 10, 22, 12);

export const sighting: ErrorSighting = {
  service: 'billing',
  source: 'billing.postgres.read',
  kind: 'connection_lost',
  example: 'read ECONNRESET',
};

export const aPattern = (more: Partial<PatternRecord> = {}): PatternRecord => ({
  ...newPattern(
    {
      id: newId('pattern', START),
      fingerprint: 'abcdef0123456789',
      strategy: 'RETRY_WITH_BACKOFF',
      ...sighting,
    },
    START,
  ),
  ...more,
});

let captures = 0;

/** Occurrences of one error, as a process publishes them. */
export function aCapture(
  outcomes: Partial<Record<HealingStrategy, { healed: number; failed: number }>>,
  more: Partial<CapturedError> = {},
): CapturedError {
  const at = new Date(START).toISOString();
  return {
    id: `run-${++captures}`,
    fingerprint: 'abcdef0123456789',
    source: sighting.source,
    dependency: 'postgres',
    category: 'database',
    criticality: 'normal',
    kind: sighting.kind,
    transient: true,
    strategy: 'RETRY_WITH_BACKOFF',
    decided_by: 'rule',
    confidence: 0.95,
    why: 'The connection was cut.',
    rule: 'node/ECONNRESET',
    error: { name: 'Error', code: 'ECONNRESET', message: sighting.example, stack: null },
    steps: [],
    count: 1,
    healed: 1,
    outcomes,
    first_at: at,
    last_at: at,
    ...more,
  };
}

export const batchOf = (...list: CapturedError[]): ErrorsCaptured => ({
  service: 'billing',
  instance: 'billing',
  captures: list,
  dropped: 0,
});
