import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { UserEntity } from './user.entity.ts';
import type { User } from './user.ts';

@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  /** False, and nothing written, when somebody has this email address. Waits for a registration under way. */
  async insertUnlessTaken(tx: Transaction, user: User): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into users (id, partner_id, email, password_hash, role, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict ((lower(email))) do nothing returning id`,
      [user.id, user.partner_id, user.email, user.password_hash, user.role, user.created_at],
    );
    return rows.length === 1;
  }

  find(id: string): Promise<User | null> {
    return this.database.read((manager) => manager.findOneBy(UserEntity, { id }));
  }

  /** `email` in lower case. SQL, since every guess at a log-in comes here: the entity's way takes twice the time. */
  async findByEmail(email: string): Promise<User | null> {
    const [user] = await this.database.read((manager) =>
      manager.query<User[]>(
        `select id, partner_id, email, password_hash, role, created_at from users where lower(email) = $1`,
        [email],
      ),
    );
    return user ?? null;
  }

  /** Sets another password and ends the user's sessions, which were opened with the old one. Returns those. */
  async changePassword(
    tx: Transaction,
    id: string,
    passwordHash: string,
    at: Date,
  ): Promise<{ id: string; digest: string }[]> {
    await tx.manager.update(UserEntity, { id }, { password_hash: passwordHash });
    const [ended] = await tx.manager.query<[{ id: string; digest: string }[], number]>(
      'update sessions set revoked_at = $2 where user_id = $1 and revoked_at is null returning id, digest',
      [id, at],
    );
    return ended;
  }
}
