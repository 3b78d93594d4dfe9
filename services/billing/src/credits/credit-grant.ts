import type { creditGrantSchema, creditMovementSchema } from '@gridworks/contracts';
import type { z } from 'zod';
import { toInteger } from '../money/money.ts';
import type { CreditGrant } from './burn-order.ts';

export type MovementKind = z.output<typeof creditMovementSchema>['kind'];

/** A row of `credit_grants`. */
export interface GrantRow {
  readonly id: string;
  readonly partner_id: string;
  readonly kind: CreditGrant['kind'];
  readonly currency: string;
  readonly amount: string;
  readonly remaining: string;
  readonly granted_at: Date;
  readonly expires_at: Date | null;
  readonly reason: string;
  readonly granted_by: string | null;
  readonly invoice_id: string | null;
  readonly voided_at: Date | null;
}
export const GRANT_COLUMNS = `id, partner_id, kind, currency, amount, remaining, granted_at, expires_at, reason, granted_by, invoice_id,
  voided_at`;

/** A row of `credit_movements`. */
export interface MovementRow {
  readonly id: string;
  readonly grant_id: string;
  readonly kind: MovementKind;
  readonly amount: string;
  readonly currency: string;
  readonly invoice_id: string | null;
  readonly at: Date;
}
export const MOVEMENT_COLUMNS = 'id, grant_id, kind, amount, currency, invoice_id, at';

/** A grant as the burn order sees it. */
export const toGrant = (row: GrantRow): CreditGrant => ({
  ...{ id: row.id, kind: row.kind, currency: row.currency, remaining: BigInt(row.remaining) },
  ...{ grantedAt: row.granted_at, expiresAt: row.expires_at },
});

/** A grant as the API shows it at a moment. */
export function presentGrant(row: GrantRow, now: Date): z.output<typeof creditGrantSchema> {
  const remaining = BigInt(row.remaining);
  const isOver = row.expires_at !== null && row.expires_at <= now;
  return {
    ...{ object: 'credit_grant', id: row.id, kind: row.kind, currency: row.currency },
    status: row.voided_at ? 'voided' : isOver ? 'expired' : remaining === 0n ? 'used' : 'active',
    ...{ amount: toInteger(BigInt(row.amount)), remaining: toInteger(remaining), reason: row.reason },
    expires_at: row.expires_at?.toISOString() ?? null,
    ...{ invoice_id: row.invoice_id, granted_at: row.granted_at.toISOString() },
  };
}

export const presentMovement = (row: MovementRow): z.output<typeof creditMovementSchema> => ({
  ...{ object: 'credit_movement', id: row.id, grant_id: row.grant_id, kind: row.kind },
  ...{ amount: toInteger(BigInt(row.amount)), currency: row.currency, invoice_id: row.invoice_id },
  at: row.at.toISOString(),
});
