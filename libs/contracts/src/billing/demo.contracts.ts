import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';

export const DEMO_SESSION_NOT_FOUND = defineError({
  code: 'BILLING.DEMO_SESSION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such demo session; it may have ended',
});
export const TOO_MANY_DEMO_SESSIONS = defineError({
  code: 'BILLING.TOO_MANY_DEMO_SESSIONS',
  kind: 'rate_limited',
  title: 'Too many demo sessions from one network',
  retryable: true,
});
export const DEMO_SESSIONS_FULL = defineError({
  code: 'BILLING.DEMO_SESSIONS_FULL',
  kind: 'unavailable',
  title: 'All places of the demo are taken',
  retryable: true,
});

export const demoSessionSchema = z.object({
  object: z.literal('demo_session'),
  id: idSchema('demo'),
  /**
   * `ready` before a fault, `broken` until its supervisor has noticed it, `healing` until the new sandbox is verified,
   * `healed` after that, `failed` when several new sandboxes could not be verified.
   */
  status: z.enum(['ready', 'broken', 'healing', 'healed', 'failed']),
  created_at: timestampSchema,
  /**
   * The session ends at this time at the latest; two minutes after the last request for it, if that is
   * earlier.
   */
  expires_at: timestampSchema,
  /** Metering calls to the sandbox since the session was opened. */
  calls: z.object({
    made: z.number().int(),
    responded: z.number().int(),
    /** Attempts after the first one of a call. */
    repeated: z.number().int(),
    /** Calls that ended without a response. */
    lost: z.number().int(),
  }),
  /** What happened since the latest fault, oldest first. */
  timeline: z.array(
    z.object({
      at: timestampSchema,
      kind: z.enum(['injected', 'observed', 'decided', 'acted', 'verified', 'escalated']),
      text: z.string(),
    }),
  ),
});
demoSessionSchema.register(NAMED_SCHEMAS, { id: 'DemoSession' });

export const createDemoSession = defineRequest({
  subject: 'rpc.billing.demo-session.create',
  summary: 'Open a sandbox of billing for 30 minutes, to break it and see it heal',
  http: { method: 'POST', path: '/v1/demo-sessions', status: 201, addressMember: 'client_ip' },
  permission: 'public',
  audit: { none: 'a sandbox in memory that belongs to nobody and ends by itself' },
  input: z.strictObject({
    /** Set by the gateway. */
    client_ip: z.string().max(64).optional(),
  }),
  output: demoSessionSchema,
  errors: [TOO_MANY_DEMO_SESSIONS, DEMO_SESSIONS_FULL],
});

export const injectDemoFault = defineRequest({
  subject: 'rpc.billing.demo-session.break',
  summary:
    'End the thread of a sandbox while calls to the sandbox are under way. Without effect while it heals',
  http: { method: 'POST', path: '/v1/demo-sessions/:id/fault', status: 200 },
  permission: 'public',
  audit: { none: 'a sandbox in memory that belongs to nobody and ends by itself' },
  input: z.strictObject({ id: idSchema('demo') }),
  output: demoSessionSchema,
  errors: [DEMO_SESSION_NOT_FOUND],
});

export const getDemoSession = defineRequest({
  subject: 'rpc.billing.demo-session.get',
  summary:
    'State and timeline of a sandbox. The sandbox gets ten calls a second while a client reads its state',
  http: { method: 'GET', path: '/v1/demo-sessions/:id', status: 200 },
  permission: 'public',
  input: z.strictObject({ id: idSchema('demo') }),
  output: demoSessionSchema,
  errors: [DEMO_SESSION_NOT_FOUND],
  repeatable: true,
});
