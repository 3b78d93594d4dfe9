import { HandleRequest } from '@gridworks/bus';
import {
  credentialRevoked,
  ensureSyntheticPartner,
  newId,
  type OutputOf,
  type ParsedInputOf,
  SYNTHETIC_PARTNER_ID,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { MembershipRepository } from '../members/membership.repository.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { UserRepository } from '../users/user.repository.ts';
import { NO_PREFERENCES, type User } from '../users/user.ts';
import { SyntheticPartnerRepository } from './synthetic-partner.repository.ts';

@Controller()
export class EnsureSyntheticPartnerHandler {
  constructor(
    private readonly database: Database,
    private readonly synthetic: SyntheticPartnerRepository,
    private readonly users: UserRepository,
    private readonly members: MembershipRepository,
    private readonly passwords: PasswordHasher,
  ) {}

  /** Publishes no registration: no account is opened, so that no plan and no invoice knows the partner. */
  @HandleRequest(ensureSyntheticPartner)
  async ensure({
    password,
  }: ParsedInputOf<typeof ensureSyntheticPartner>): Promise<OutputOf<typeof ensureSyntheticPartner>> {
    const passwordHash = await this.passwords.hash(password);
    const now = new Date();
    const owner = (await this.synthetic.owner()) ?? newOwner(now, passwordHash);
    await this.database.transaction(async (tx) => {
      await this.synthetic.insertPartner(tx, now);
      await this.users.insertUnlessTaken(tx, owner);
      await this.members.insertUnlessMember(tx, {
        id: newId('member', now.getTime()),
        partner_id: SYNTHETIC_PARTNER_ID,
        user_id: owner.id,
        role: 'owner',
        role_id: null,
        created_at: now,
      });
      const sessions = await this.users.changePassword(tx, owner.id, passwordHash, now);
      const ended = [
        ...sessions.map((session) => ({ kind: 'session' as const, ...session })),
        ...(await this.synthetic.endKeys(tx, owner.id, now)),
      ];
      for (const credential of ended)
        tx.emit(credentialRevoked, credential, { partnerId: SYNTHETIC_PARTNER_ID });
    });
    return { email: owner.email };
  }
}

/** The address cannot be guessed, so that nobody registers it before. */
function newOwner(now: Date, password_hash: string): User {
  const id = newId('user', now.getTime());
  return {
    id,
    email: `synthetic-${id.toLowerCase().replace('_', '-')}@gridworks.example`,
    password_hash,
    platform_role: null,
    // No mail is sent to it.
    email_confirmed_at: now,
    last_partner_id: SYNTHETIC_PARTNER_ID,
    created_at: now,
    ...NO_PREFERENCES,
  };
}
