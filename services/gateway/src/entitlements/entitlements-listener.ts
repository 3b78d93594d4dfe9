import { Bus } from '@gridworks/bus';
import { entitlementsChanged } from '@gridworks/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PartnerEntitlements } from './entitlements.ts';

/** Asks billing again for the entitlements of a partner as soon as they changed. */
@Injectable()
export class EntitlementsListener implements OnModuleInit {
  constructor(
    readonly entitlements: PartnerEntitlements,
    readonly bus: Bus,
  ) {}

  onModuleInit(): void {
    this.bus.listen(entitlementsChanged, async ({ payload }) =>
      this.entitlements.changed(payload.partner_id),
    );
  }
}
