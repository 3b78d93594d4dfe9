import type { RuleTable } from './rule.ts';

/**
 * Codes of the portal's own catalogue of errors. They summarise an error of a library, so a more specific
 * cause has priority.
 */
export const PORTAL_RULES: RuleTable = {
  name: 'portal',
  dependency: 'any',
  source: 'the catalogue of errors: libs/contracts/src/values/app-error.ts and each library’s *.errors.ts',
  rules: [
    {
      codes: ['PLATFORM.UNAVAILABLE', 'RESILIENCE.CIRCUIT_OPEN', 'NOTIFICATIONS.DEFERRED'],
      kind: 'upstream_unavailable',
      vague: true,
      why: 'A part of the system is away for a moment.',
      example: 'A part of the system is away for a moment',
    },
    {
      codes: ['PLATFORM.DEADLINE_EXCEEDED', 'RESILIENCE.DEADLINE_EXCEEDED', 'NOTIFICATIONS.UNCERTAIN'],
      kind: 'timeout',
      vague: true,
      why: 'No response came in time; the work may have been done.',
      example: 'No response came in time',
    },
    {
      codes: ['RESILIENCE.BULKHEAD_FULL'],
      kind: 'pool_exhausted',
      why: 'Too many calls run and wait already; this one was not made.',
      example: 'billing.find: 10 calls run and 1000 wait already',
    },
    {
      codes: ['RESILIENCE.RATE_LIMITED'],
      kind: 'rate_limited',
      why: 'Our own limit was reached; nothing was sent.',
      example: 'billing.find: over its own rate limit',
    },
    {
      codes: ['PERSISTENCE.OUTSIDE_TRANSACTION', 'PERSISTENCE.TRANSACTION_ABORTED'],
      kind: 'programming_bug',
      why: 'The code uses its transaction in a way that cannot work.',
      example: 'A query was made outside of the open transaction',
    },
  ],
};
