import { AppError, TRANSFER_ONLY } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { PaymentProvider } from './payment-provider.ts';
import { StripeProvider } from './stripe-provider.ts';

export interface ProviderConfig {
  readonly STRIPE_SECRET_KEY?: string | undefined;
  readonly STRIPE_WEBHOOK_SECRET?: string | undefined;
  readonly STRIPE_API_BASE?: string | undefined;
}

/** The payment provider of the configuration. Without one, invoices are paid by bank transfer alone. */
@Injectable()
export class PaymentProviders {
  readonly configured: PaymentProvider | null;

  constructor(@Inject(CONFIG) config: ProviderConfig) {
    const {
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_BASE: apiBase,
    } = config;
    this.configured =
      secretKey && webhookSecret ? new StripeProvider({ secretKey, webhookSecret, apiBase }) : null;
  }

  /** Throws `BILLING.TRANSFER_ONLY`. `name`: of an attempt that another provider may have made; then it must be that one. */
  require(name?: string | null): PaymentProvider {
    if (!this.configured || (name && this.configured.name !== name)) throw new AppError(TRANSFER_ONLY);
    return this.configured;
  }
}
