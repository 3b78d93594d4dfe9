import { newId, type Principal } from '@gridworks/contracts';

/** A person of a partner who sees and changes what it is charged, and has just logged in. */
export const accountant = (partnerId: string): Principal => ({
  ...{ kind: 'session', id: newId('session'), partner_id: partnerId, user_id: newId('user') },
  ...{ role: 'billing', mode: null, authenticated_at: new Date().toISOString() },
});
