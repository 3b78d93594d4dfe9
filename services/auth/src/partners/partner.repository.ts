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

  find(id: string): Promise<Partner | null> {
    return this.database.read((manager) => manager.findOneBy(PartnerEntity, { id }));
  }
}
