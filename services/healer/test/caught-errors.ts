import type { CapturedError, ErrorsCaptured, ServiceName } from '@gridworks/contracts';

let made = 0;

/** Errors of one kind that billing caught now, of its calls to PostgreSQL; healed by default. */
export function capture(more: Partial<CapturedError> = {}): CapturedError {
  const at = new Date().toISOString();
  const count = more.count ?? 12;
  const healed = more.healed ?? count;
  return {
    id: `spec-${++made}`,
    fingerprint: 'f00d000000000001',
    source: 'billing.postgres.transaction',
    dependency: 'postgres',
    category: 'database',
    criticality: 'normal',
    kind: 'connection_lost',
    transient: true,
    strategy: 'RETRY_WITH_BACKOFF',
    decided_by: 'rule',
    confidence: 0.95,
    why: 'The connection was cut',
    rule: 'node/ECONNRESET',
    error: { name: 'Error', code: 'ECONNRESET', message: 'read ECONNRESET', stack: null },
    steps: [
      {
        strategy: 'RETRY_WITH_BACKOFF',
        outcome: healed > 0 ? 'healed' : 'failed',
        why: 'repeat 1',
        duration_ms: 30,
      },
    ],
    count,
    healed,
    outcomes: { RETRY_WITH_BACKOFF: { healed, failed: count - healed } },
    first_at: at,
    last_at: at,
    ...more,
  };
}

/** An error that nothing can be done about. */
export const bug = (more: Partial<CapturedError> = {}): CapturedError =>
  capture({
    fingerprint: 'bad0000000000001',
    source: 'billing.invoices.close',
    dependency: null,
    category: 'runtime',
    kind: 'programming_bug',
    transient: false,
    strategy: 'ESCALATE',
    why: 'It read a property of undefined',
    rule: 'node/TypeError',
    error: {
      name: 'TypeError',
      code: null,
      message: "Cannot read properties of undefined (reading 'total')",
      stack: null,
    },
    steps: [],
    count: 1,
    healed: 0,
    outcomes: {},
    ...more,
  });

export const captured = (
  captures: CapturedError | CapturedError[],
  service: ServiceName = 'billing',
  instance: string = service,
): ErrorsCaptured => ({ service, instance, captures: [captures].flat(), dropped: 0 });
