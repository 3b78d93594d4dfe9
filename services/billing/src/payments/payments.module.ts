import { Module } from '@nestjs/common';
import { CreditRepository } from '../credits/credit.repository.ts';
import { LedgerRepository } from '../ledger/ledger.repository.ts';
import { AdminPaymentsHandler } from './admin-payments.handler.ts';
import { FailPoints } from './attempts/fail-points.ts';
import { PaymentAttemptRepository } from './attempts/payment-attempt.repository.ts';
import { PaymentRunner } from './attempts/payment-runner.ts';
import { PerformPayment } from './attempts/perform-payment.ts';
import { SettlePayment } from './attempts/settle-payment.ts';
import { DunningRepository } from './dunning/dunning.repository.ts';
import { PaymentCustomerRepository } from './methods/payment-customer.repository.ts';
import { PaymentMethodRepository } from './methods/payment-method.repository.ts';
import { PaymentMethodsHandler } from './methods/payment-methods.handler.ts';
import { SynchronizeMethods } from './methods/synchronize-methods.ts';
import { PayInvoiceHandler } from './pay-invoice.handler.ts';
import { PaymentProviders } from './provider/payment-providers.ts';
import { ReadPaymentsHandler } from './read-payments.handler.ts';
import { RunDunning } from './run-dunning.ts';
import { StartCharge } from './start-charge.ts';
import { ProviderEventRepository } from './webhooks/provider-event.repository.ts';
import { ReceiveProviderEventHandler } from './webhooks/receive-provider-event.handler.ts';

/** Payments and dunning. */
@Module({
  controllers: [
    PayInvoiceHandler,
    ReadPaymentsHandler,
    PaymentMethodsHandler,
    AdminPaymentsHandler,
    ReceiveProviderEventHandler,
  ],
  providers: [
    LedgerRepository,
    CreditRepository,
    PaymentProviders,
    PaymentCustomerRepository,
    PaymentMethodRepository,
    SynchronizeMethods,
    PaymentAttemptRepository,
    FailPoints,
    SettlePayment,
    PerformPayment,
    PaymentRunner,
    StartCharge,
    DunningRepository,
    RunDunning,
    ProviderEventRepository,
  ],
  exports: [PaymentAttemptRepository, PaymentProviders],
})
export class PaymentsModule {}
