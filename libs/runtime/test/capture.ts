import type { ErrorCapture } from '@gridworks/resilience';

/** A capture in the form of a reporter. */
export const capture = (given: Partial<ErrorCapture> = {}): ErrorCapture => ({
  id: 'run-1',
  fingerprint: '0123456789abcdef',
  source: 'billing.postgres.read',
  dependency: 'postgres',
  category: 'database',
  criticality: 'normal',
  kind: 'connection_lost',
  transient: true,
  strategy: 'RESET_CONNECTION',
  decided_by: 'rule',
  confidence: 0.95,
  why: 'The connection broke.',
  rule: 'node/ECONNRESET',
  error: {
    name: 'Error',
    code: 'ECONNRESET',
    message: 'm'.repeat(500),
    stack: 's'.repeat(2000),
  },
  steps: [{ strategy: 'RESET_CONNECTION', outcome: 'healed', why: 'reset', duration_ms: 1.5 }],
  count: 1,
  healed: 1,
  outcomes: { RESET_CONNECTION: { healed: 1, failed: 0 } },
  first_at: '2026-01-01T00:00:00.000Z',
  last_at: '2026-01-01T00:00:01.000Z',
  ...given,
});
