import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { PartnerEntity } from './partner.entity.ts';
import type { Partner } from './partner.ts';

@Injectable()
export class PartnerRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, partner: Partner): Promise<void> {
    await tx.manager.insert(PartnerEntity, partner);
  }

  /** Null when there is no such partner. */
  async rename(tx: Transaction, id: string, name: string): Promise<Partner | null> {
    await tx.manager.update(PartnerEntity, { id }, { name });
    return tx.manager.findOneBy(PartnerEntity, { id });
  }

  find(id: string): Promise<Partner | null> {
    return this.database.read((manager) => manager.findOneBy(PartnerEntity, { id }));
  }
}
