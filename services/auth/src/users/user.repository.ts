import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { UserEntity } from './user.entity.ts';

@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  /** False, and nothing written, when somebody has this email address. Waits for a registration under way. */
  async insertUnlessTaken(tx: Transaction, user: UserEntity): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `insert into users (id, partner_id, email, password_hash, role, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict ((lower(email))) do nothing returning id`,
      [user.id, user.partnerId, user.email, user.passwordHash, user.role, user.createdAt],
    );
    return rows.length === 1;
  }

  find(id: string): Promise<UserEntity | null> {
    return this.database.read((manager) => manager.findOneBy(UserEntity, { id }));
  }

  /** `email` in lower case. */
  findByEmail(email: string): Promise<UserEntity | null> {
    return this.database.read((manager) =>
      manager.createQueryBuilder(UserEntity, 'u').where('lower(u.email) = :email', { email }).getOne(),
    );
  }

  /** Sets another password and ends the user's sessions, which were opened with the old one. Returns those. */
  async changePassword(
    tx: Transaction,
    id: string,
    passwordHash: string,
    at: Date,
  ): Promise<{ id: string; digest: string }[]> {
    await tx.manager.update(UserEntity, { id }, { passwordHash });
    const [ended]: [{ id: string; digest: string }[], number] = await tx.manager.query(
      'update sessions set revoked_at = $2 where user_id = $1 and revoked_at is null returning id, digest',
      [id, at],
    );
    return ended;
  }
}
