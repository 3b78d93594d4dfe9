import { Database, IsNull, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { RecoveryCodeEntity } from './recovery-code.entity.ts';
import { newRecoveryCode, RECOVERY_CODES, recoveryDigest } from './recovery-code.ts';

@Injectable()
export class RecoveryCodeRepository {
  constructor(private readonly database: Database) {}

  /** Whether the person has this code and has not used it. */
  isUnused(userId: string, code: string): Promise<boolean> {
    return this.database.read((manager) =>
      manager.existsBy(RecoveryCodeEntity, {
        user_id: userId,
        digest: recoveryDigest(code),
        used_at: IsNull(),
      }),
    );
  }

  /** Replaces all codes of a person by new ones, and returns those: they are stored as digests only. */
  async renew(tx: Transaction, userId: string, at: Date): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    await this.remove(tx, userId);
    await tx.manager.insert(
      RecoveryCodeEntity,
      codes.map((code) => ({ user_id: userId, digest: recoveryDigest(code), created_at: at, used_at: null })),
    );
    return codes;
  }

  /** New codes for a person who has none; null for one who has. */
  async renewUnlessThere(tx: Transaction, userId: string, at: Date): Promise<string[] | null> {
    return (await tx.manager.existsBy(RecoveryCodeEntity, { user_id: userId }))
      ? null
      : this.renew(tx, userId, at);
  }

  /** Uses a code up: once, whatever runs at the same time. Returns how many are left; null when it was used or is unknown. */
  async use(tx: Transaction, userId: string, code: string, at: Date): Promise<number | null> {
    const { affected } = await tx.manager.update(
      RecoveryCodeEntity,
      { user_id: userId, digest: recoveryDigest(code), used_at: IsNull() },
      { used_at: at },
    );
    return affected === 1
      ? tx.manager.countBy(RecoveryCodeEntity, { user_id: userId, used_at: IsNull() })
      : null;
  }

  async remove(tx: Transaction, userId: string): Promise<void> {
    await tx.manager.delete(RecoveryCodeEntity, { user_id: userId });
  }
}
