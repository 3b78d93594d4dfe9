import {
  auditAppended,
  incidentChanged,
  newId,
  PLATFORM_CHAIN,
  PRINCIPAL_ROLES,
  type Principal,
} from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { isFor, WATCHED_EVENTS } from './watched-events.ts';

const partner = newId('partner');
const person = (role: Principal['role'], partnerId: string | null = partner, permissions?: string[]) =>
  ({
    ...{ kind: 'session', id: newId('session'), user_id: newId('user'), mode: null },
    ...{ role, partner_id: role.startsWith('platform_') ? null : partnerId, permissions },
  }) as Principal;
const eventOf = (contract: unknown) => WATCHED_EVENTS.find((one) => one.contract === contract)!;
const rolesFor = (contract: unknown, payload: unknown) =>
  PRINCIPAL_ROLES.filter((role) => isFor(eventOf(contract), payload, person(role)));

describe('the events of streams', () => {
  it('of the audit log are for those who may read this chain', () => {
    expect(rolesFor(auditAppended, { chain: partner })).toEqual([
      ...['owner', 'admin', 'platform_admin', 'platform_auditor'],
    ]);
    for (const chain of [PLATFORM_CHAIN, newId('partner')])
      expect(rolesFor(auditAppended, { chain })).toEqual(['platform_admin', 'platform_auditor']);
    expect(isFor(eventOf(auditAppended), { chain: partner }, person('owner', null))).toBe(false);
    const custom = (permissions: string[]) =>
      isFor(eventOf(auditAppended), { chain: partner }, person('custom', partner, permissions));
    expect([custom(['audit:read']), custom(['usage:read'])]).toEqual([true, false]);
  });

  it('that are of no partner are for GridWorks alone', () => {
    const all = WATCHED_EVENTS.filter(({ ofPartner }) => !ofPartner);
    expect(all).not.toContain(eventOf(auditAppended));
    for (const { contract } of all)
      expect(rolesFor(contract, { chain: partner, partner_id: partner })).toEqual(
        PRINCIPAL_ROLES.filter((role) => role.startsWith('platform_')),
      );
    expect(rolesFor(incidentChanged, {})).toHaveLength(4);
  });
});
