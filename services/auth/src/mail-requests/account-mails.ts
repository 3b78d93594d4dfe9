import {
  type AccountMail,
  accountMailRequested,
  type PaymentMail,
  type SpendingMail,
} from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** Requests mails to persons, in the transaction of their occasion. */
@Injectable()
export class AccountMails {
  /** To the new person of an address: whose link shows that the person reads its mail. */
  confirmEmail(tx: Transaction, userId: string, partnerId: string | null): void {
    request(tx, { mail: 'confirm-email', user_id: userId }, partnerId);
  }

  /** With a link for another password; to nobody when the address has no account. */
  resetPassword(tx: Transaction, email: string): void {
    request(tx, { mail: 'reset-password', email }, null);
  }

  passwordChanged(tx: Transaction, userId: string): void {
    request(tx, { mail: 'password-changed', user_id: userId }, null);
  }

  /** `partnerId`: null for an invitation to GridWorks itself. */
  invitation(tx: Transaction, invitationId: string, partnerId: string | null): void {
    request(tx, { mail: 'invitation', invitation_id: invitationId }, partnerId);
  }

  /** To the person, who may not have done this. `factor` in words: `the passkey “Laptop”`. */
  factorChanged(
    tx: Transaction,
    mail: 'factor-added' | 'factor-removed',
    userId: string,
    factor: string,
  ): void {
    request(tx, { mail, user_id: userId, words: { factor } }, null);
  }

  /** To the person: somebody who has a code may have found it. */
  recoveryCodeUsed(tx: Transaction, userId: string, left: number): void {
    request(tx, { mail: 'recovery-code-used', user_id: userId, words: { left: String(left) } }, null);
  }

  /** To a person about what happened in the partner. */
  toMember(
    tx: Transaction,
    mail:
      | ('role-changed' | 'member-removed' | 'key-leaked' | 'domain-lapsed' | 'provisioned')
      | PaymentMail
      | SpendingMail,
    { user_id, partner_id: partnerId }: { readonly user_id: string; readonly partner_id: string },
    words: Readonly<Record<string, string>>,
  ): void {
    request(tx, { mail, user_id, words }, partnerId);
  }
}

function request(
  tx: Transaction,
  about: {
    readonly mail: AccountMail;
    readonly user_id?: string;
    readonly email?: string;
    readonly invitation_id?: string;
    readonly words?: Readonly<Record<string, string>>;
  },
  partnerId: string | null,
): void {
  tx.emit(
    accountMailRequested,
    { user_id: null, email: null, invitation_id: null, words: {}, ...about },
    partnerId ? { partnerId } : {},
  );
}
