import {
  AppError,
  type browserSessionSchema,
  MEMBER_NOT_FOUND,
  PARTNER_SUSPENDED,
  type Principal,
  SSO_REQUIRED,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { MembershipRepository } from '../members/membership.repository.ts';
import { type Partner, presentPartner } from '../partners/partner.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { SuspensionRepository } from '../suspensions/suspension.repository.ts';
import type { User } from '../users/user.ts';
import type { ProofMethod, Session } from './session.ts';

/** The partner that a session acts for, and what its person is there. */
export interface Acting {
  readonly partner: Partner | null;
  readonly role: Principal['role'];
  /** Of a role that the partner made; null for every other one. */
  readonly permissions: string[] | null;
}

/** Finds the partner that a session acts for. */
@Injectable()
export class ActingFor {
  constructor(
    private readonly members: MembershipRepository,
    private readonly suspensions: SuspensionRepository,
    private readonly sso: SsoConnectionRepository,
  ) {}

  /**
   * For a new session: the wanted partner, else that of the newest session, else the first joined. People of
   * GridWorks act for none. Rejects with `AUTH.MEMBER_NOT_FOUND` when the person does not belong to the wanted
   * one, with `AUTH.PARTNER_SUSPENDED` when the partner is suspended, with `AUTH.SSO_REQUIRED` when the partner makes
   * persons with this address use single sign-on. An owner who has proved a second factor has a way out of that: a
   * broken identity provider must not lock everybody out.
   * @param methods what the person has proved who they are with, none of which was single sign-on
   */
  async at(user: User, wanted: string | undefined, methods: readonly ProofMethod[]): Promise<Acting> {
    if (user.platform_role && wanted === undefined) return platform(user.platform_role);
    const found = await this.members.find(
      user.id,
      wanted === undefined ? { preferred: user.last_partner_id } : { partner: wanted },
    );
    if (!found && wanted !== undefined)
      throw new AppError(MEMBER_NOT_FOUND, { detail: 'You do not belong to this partner.' });
    if (found && (await this.suspensions.isSuspended(found.partner_id)))
      throw new AppError(PARTNER_SUSPENDED);
    if (found && (await this.sso.isEnforcedFor(found.partner_id, user.email))) {
      const isWayOut = found.role === 'owner' && methods.some((method) => SECOND_FACTORS.has(method));
      if (!isWayOut) throw new AppError(SSO_REQUIRED);
      noteAct({ after: { without_sso: true } });
    }
    return found ? memberOf(found) : NOBODY;
  }

  /** Of a session that exists. */
  async ofSession({ partner_id: partner }: Session, user: User): Promise<Acting> {
    if (user.platform_role) return platform(user.platform_role);
    const found = partner ? await this.members.find(user.id, { partner }) : null;
    return found ? memberOf(found) : NOBODY;
  }
}

const SECOND_FACTORS: ReadonlySet<ProofMethod> = new Set(['totp', 'passkey', 'recovery_code']);
const NOBODY: Acting = { partner: null, role: 'none', permissions: null };
const platform = (role: Principal['role']): Acting => ({ ...NOBODY, role });

function memberOf(found: NonNullable<Awaited<ReturnType<MembershipRepository['find']>>>): Acting {
  const { partner_id: id, partner_name: name, partner_created_at: created_at, role, permissions } = found;
  return { partner: { id, name, created_at }, role, permissions };
}

type PublicActing = Pick<z.output<typeof browserSessionSchema>, 'partner' | 'role' | 'permissions'>;

export function presentActing({ partner, role, permissions }: Acting): PublicActing {
  return { partner: partner && presentPartner(partner), role, permissions };
}
