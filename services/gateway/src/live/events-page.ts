import { definePage } from '../routing/route-declaration.ts';

/** The event stream for admins. */
export const EVENTS_PAGE = definePage({
  summary:
    'Incidents, symptoms, health, breakers, pauses, patterns, verdicts and the audit log as they change, as server-sent events',
  http: { method: 'GET', path: '/v1/admin/events', status: 200 },
  permission: 'incidents:read',
  mediaType: 'text/event-stream',
});

/** The event stream for people of partners. */
export const PARTNER_EVENTS_PAGE = definePage({
  summary: 'The audit log of this partner as it grows, as server-sent events',
  http: { method: 'GET', path: '/v1/events', status: 200 },
  permission: 'audit:read',
  mediaType: 'text/event-stream',
  notImpersonated: true,
});
