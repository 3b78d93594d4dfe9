import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { PartnerEntity } from './partner.entity.ts';

@Injectable()
export class PartnerRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, partner: PartnerEntity): Promise<void> {
    await tx.manager.insert(PartnerEntity, partner);
  }

  find(id: string): Promise<PartnerEntity | null> {
    return this.database.read((manager) => manager.findOneBy(PartnerEntity, { id }));
  }
}
