import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, type ParsedInputOf, receiveProviderEvent } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { PaymentAttemptRepository } from '../attempts/payment-attempt.repository.ts';
import { PaymentRunner } from '../attempts/payment-runner.ts';
import { PaymentCustomerRepository } from '../methods/payment-customer.repository.ts';
import { SynchronizeMethods } from '../methods/synchronize-methods.ts';
import { PaymentProviders } from '../provider/payment-providers.ts';
import { ProviderEventRepository } from './provider-event.repository.ts';

/**
 * An event says only that something happened: it has the attempt, or the payment methods of the customer, read again. So events may
 * come twice, late and in any order. The response is sent after COMMIT, and the provider sends again what got no response.
 */
@Controller()
export class ReceiveProviderEventHandler {
  constructor(
    private readonly database: Database,
    private readonly providers: PaymentProviders,
    private readonly events: ProviderEventRepository,
    private readonly attempts: PaymentAttemptRepository,
    private readonly customers: PaymentCustomerRepository,
    private readonly runner: PaymentRunner,
    private readonly methods: SynchronizeMethods,
  ) {}

  @HandleRequest(receiveProviderEvent)
  async receive(
    input: ParsedInputOf<typeof receiveProviderEvent>,
  ): Promise<OutputOf<typeof receiveProviderEvent>> {
    const provider = this.providers.require(input.provider);
    const event = provider.parseEvent(Buffer.from(input.body, 'base64'), input.signature);
    const now = new Date();
    await this.database.transaction(async (tx) => {
      let partnerId: string | null = null;
      if (event.about === 'methods' && event.customerId)
        partnerId = await this.customers.lookSoon(tx, provider.name, event.customerId, now);
      else if (event.attemptId) partnerId = await this.attempts.lookSoon(tx, event.attemptId, now);
      await this.events.store(tx, provider.name, event, partnerId, now);
    });
    this.runner.wake();
    this.methods.wake();
    return { received: true };
  }
}
