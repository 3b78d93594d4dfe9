import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SecretBox } from './secret-box.ts';
import { stepOf, type TotpFactor } from './totp.ts';
import { TotpFactorEntity } from './totp-factor.entity.ts';

@Injectable()
export class TotpRepository {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  find(userId: string): Promise<TotpFactor | null> {
    return this.database.read((manager) => manager.findOneBy(TotpFactorEntity, { user_id: userId }));
  }

  /** Stores a secret that does not count yet, in place of an earlier one. False when a confirmed one is on file. */
  async enrol(tx: Transaction, userId: string, secret: string, at: Date): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into totp_factors (user_id, secret, created_at) values ($1, $2, $3)
       on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at
         where totp_factors.confirmed_at is null
       returning user_id`,
      [userId, this.box.seal(secret, userId), at],
    );
    return rows.length === 1;
  }

  /** The time step of a right code that was not used before; null for any other code. */
  stepOf(factor: TotpFactor, code: string, now: Date): number | null {
    const step = stepOf(this.box.open(factor.secret, factor.user_id), code, now.getTime());
    return step === null || step <= Number(factor.last_step ?? -1) ? null : step;
  }

  /**
   * Makes the code of this step count: once, whatever runs at the same time. False when a code of this step or a later one
   * has counted already. The secret is sealed anew when its key is not the current one.
   */
  async use(tx: Transaction, factor: TotpFactor, step: number, at: Date): Promise<boolean> {
    const { user_id: userId, secret } = factor;
    const sealed = this.box.isCurrent(secret) ? secret : this.box.seal(this.box.open(secret, userId), userId);
    const [, affected] = await tx.manager.query<[unknown[], number]>(
      `update totp_factors set last_step = $2, last_used_at = $3, confirmed_at = coalesce(confirmed_at, $3), secret = $5
       where user_id = $1 and secret = $4 and (last_step is null or last_step < $2)`,
      [userId, step, at, secret, sealed],
    );
    return affected === 1;
  }

  async remove(tx: Transaction, userId: string): Promise<boolean> {
    const { affected } = await tx.manager.delete(TotpFactorEntity, { user_id: userId });
    return affected === 1;
  }

  /**
   * Seals the secrets of other keys than the current one anew. Returns how many. Throws the first error when it has tried
   * all of them.
   */
  async reseal(): Promise<number> {
    const all = await this.database.read((manager) => manager.find(TotpFactorEntity));
    const errors: unknown[] = [];
    let count = 0;
    for (const { user_id, secret } of all.filter((one) => !this.box.isCurrent(one.secret))) {
      try {
        const sealed = this.box.seal(this.box.open(secret, user_id), user_id);
        await this.database.transaction((tx) =>
          tx.manager.update(TotpFactorEntity, { user_id, secret }, { secret: sealed }),
        );
        count++;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
    return count;
  }
}
