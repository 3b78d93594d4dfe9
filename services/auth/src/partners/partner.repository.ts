import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { Partner } from './partner.ts';

@Injectable()
export class PartnerRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, partner: Partner): Promise<void> {
    await tx.manager.query('insert into partners (id, name, created_at) values ($1, $2, $3)', [
      partner.id,
      partner.name,
      partner.created_at,
    ]);
  }

  async find(id: string): Promise<Partner | null> {
    const rows = await this.database.read((manager) =>
      manager.query<Partner[]>('select id, name, created_at from partners where id = $1', [id]),
    );
    return rows[0] ?? null;
  }
}
