import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { PARTNER_NOT_FOUND } from './auth.errors.ts';

/** That a partner is suspended: its keys and sessions are refused, its data stays. */
export const suspensionSchema = z.object({
  reason: z.string(),
  suspended_at: timestampSchema,
  /** The person of GridWorks who did it. */
  suspended_by: z.string(),
});
suspensionSchema.register(NAMED_SCHEMAS, { id: 'Suspension' });
export type Suspension = z.output<typeof suspensionSchema>;

const reason = storedText(500).meta({ examples: ['Invoices of three months are unpaid'] });
const partnerState = z.object({
  object: z.literal('partner_state'),
  id: idSchema('partner'),
  /** Null while the partner is not suspended. */
  suspension: suspensionSchema.nullable(),
});

export const suspendPartner = defineRequest({
  subject: 'rpc.auth.partner.suspend',
  summary:
    'Suspend a partner: its keys and sessions are refused within a second, its data stays. A partner that is suspended stays as it is',
  http: { method: 'POST', path: '/v1/admin/partners/:id/suspend', status: 200, idempotent: true },
  permission: 'partners:suspend',
  audit: { action: 'partner.suspended', object: 'input.id', shows: ['reason'] },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('partner'), reason }),
  output: partnerState,
  errors: [PARTNER_NOT_FOUND],
});

export const resumePartner = defineRequest({
  subject: 'rpc.auth.partner.resume',
  summary:
    'End the suspension of a partner: keys and sessions that have not ended otherwise are accepted again',
  http: { method: 'POST', path: '/v1/admin/partners/:id/resume', status: 200, idempotent: true },
  permission: 'partners:suspend',
  audit: { action: 'partner.resumed', object: 'input.id', shows: ['reason'] },
  criticality: 'critical',
  input: z.strictObject({
    id: idSchema('partner'),
    reason: storedText(500).meta({ examples: ['The invoices were paid'] }),
  }),
  output: partnerState,
  errors: [PARTNER_NOT_FOUND],
});

/** The gateway removes the partner's credentials from its cache. */
export const partnerSuspended = defineEvent({
  subject: 'event.auth.partner.suspended',
  summary: 'A partner was suspended: its credentials are no longer accepted',
  payload: z.object({ partner_id: idSchema('partner'), at: timestampSchema }),
  listeners: ['gateway'],
});

/** The gateway forgets that it refused the partner's credentials. */
export const partnerResumed = defineEvent({
  subject: 'event.auth.partner.resumed',
  summary: 'The suspension of a partner ended: its credentials are accepted again',
  payload: z.object({ partner_id: idSchema('partner'), at: timestampSchema }),
  listeners: ['gateway'],
});
