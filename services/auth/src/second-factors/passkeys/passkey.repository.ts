import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { PasskeyEntity } from './passkey.entity.ts';
import type { Passkey } from './passkey.ts';

@Injectable()
export class PasskeyRepository {
  constructor(private readonly database: Database) {}

  listOf(userId: string): Promise<Passkey[]> {
    return this.database.read((manager) =>
      manager.find(PasskeyEntity, { where: { user_id: userId }, order: { created_at: 'ASC', id: 'ASC' } }),
    );
  }

  findByCredential(credentialId: string): Promise<Passkey | null> {
    return this.database.read((manager) => manager.findOneBy(PasskeyEntity, { credential_id: credentialId }));
  }

  /** False when the passkey is on file already, of whomever. */
  async insertUnlessThere(tx: Transaction, passkey: Passkey): Promise<boolean> {
    if (await tx.manager.existsBy(PasskeyEntity, { credential_id: passkey.credential_id })) return false;
    await tx.manager.insert(PasskeyEntity, { ...passkey, transports: [...passkey.transports] });
    return true;
  }

  /**
   * Records a use. False when the counter of the device is not ahead of the last one: another device has a copy of the key
   * (WebAuthn Level 3, section 6.1.1), or the same signature came twice at once.
   */
  async use(tx: Transaction, { id }: Passkey, counter: number, at: Date): Promise<boolean> {
    const [, affected] = await tx.manager.query<[unknown[], number]>(
      `update passkeys set counter = $2, last_used_at = $3
       where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))`,
      [id, counter, at],
    );
    return affected === 1;
  }

  /** Null for a passkey that is missing or of another person. */
  async rename(tx: Transaction, userId: string, id: string, name: string): Promise<Passkey | null> {
    await tx.manager.update(PasskeyEntity, { id, user_id: userId }, { name });
    return tx.manager.findOneBy(PasskeyEntity, { id, user_id: userId });
  }

  async remove(tx: Transaction, userId: string, id: string): Promise<void> {
    await tx.manager.delete(PasskeyEntity, { id, user_id: userId });
  }
}
