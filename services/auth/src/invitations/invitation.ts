import type { invitationSchema, PartnerRole, PlatformRole } from '@gridworks/contracts';
import type { z } from 'zod';
import { presentRole } from '../members/membership.ts';

/** The list of the invitations to GridWorks itself. */
export const PLATFORM_LIST = 'platform';

/** A row of `invitations`. */
export interface Invitation {
  readonly id: string;
  /** The id of the partner, or `platform`. */
  readonly list: string;
  readonly partner_id: string | null;
  /** In lower case. */
  readonly email: string;
  readonly role: PartnerRole | PlatformRole | 'custom';
  readonly role_id: string | null;
  readonly invited_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  /** Hex SHA-256 of the secret of the newest mail; null until a mail was composed. */
  readonly digest: string | null;
  readonly sent_at: Date | null;
  /** When it was accepted or revoked. */
  readonly ended_at: Date | null;
  readonly accepted_by: string | null;
}

/** An invitation with the names that its mail and its list show. */
export interface InvitationRow extends Invitation {
  readonly role_name: string | null;
  readonly permissions: string[] | null;
  readonly partner_name: string | null;
  readonly invited_by_email: string;
}

export function presentInvitation(row: InvitationRow, now: Date): z.output<typeof invitationSchema> {
  return {
    object: 'invitation',
    id: row.id,
    email: row.email,
    ...presentRole(row),
    invited_by: { user_id: row.invited_by, email: row.invited_by_email },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    expired: row.expires_at <= now,
    sent_at: row.sent_at?.toISOString() ?? null,
  };
}
