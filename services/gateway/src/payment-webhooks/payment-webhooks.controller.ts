import { Bus } from '@gridworks/bus';
import { AppError, receiveProviderEvent, WEBHOOK_REFUSED } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';

const STRIPE = definePage({
  summary: 'Takes the events of Stripe',
  http: {
    method: 'POST',
    path: '/v1/webhooks/stripe',
    status: 200,
    deadlineMs: 10_000,
    bodyLimitBytes: 256 << 10,
  },
  permission: 'public',
  internal: true,
  keepsBody: true,
});

/**
 * Webhooks of the payment provider. Its signature is over the bytes as they came, so they go on unread; billing, which has the secret,
 * verifies it. The response is sent when the event is stored: until then the provider sends it again.
 */
@Controller()
export class PaymentWebhooksController {
  constructor(readonly bus: Bus) {}

  @Serve(STRIPE)
  async receive(@Req() { call, headers }: PublicRequest): Promise<{ received: true }> {
    const signature = headers['stripe-signature'];
    const body = call?.rawBody;
    if (typeof signature !== 'string' || signature.length > 2000 || !body)
      throw new AppError(WEBHOOK_REFUSED);
    return this.bus.request(receiveProviderEvent, {
      provider: 'stripe',
      signature,
      body: body.toString('base64'),
    });
  }
}
