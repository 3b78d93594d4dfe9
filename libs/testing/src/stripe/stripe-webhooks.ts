import { createHmac, randomBytes } from 'node:crypto';
import type { StripeObject } from './stripe-bank.ts';

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  /** How often each event is sent, at least once. Default: once. */
  readonly times?: (type: string) => number;
  /** Milliseconds before each sending: different ones change the order. Default: none. */
  readonly delayMs?: (type: string) => number;
}

/** The header `stripe-signature` over these bytes. */
export function signWebhook(
  body: string,
  secret: string,
  at: number = Math.floor(Date.now() / 1000),
): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/** Sends events to one endpoint, signed, and again after 200 ms until it responds with 2xx. */
export class StripeWebhooks {
  /** Every event, as it was sent. */
  readonly events: { readonly id: string; readonly type: string; readonly body: string }[] = [];
  /** The statuses of all responses. */
  readonly responses: number[] = [];
  options: WebhookOptions | null = null;
  readonly #pending = new Set<Promise<void>>();
  #stopped = false;

  announce(type: string, object: StripeObject): void {
    const event = {
      ...{ id: `evt_${randomBytes(12).toString('hex')}`, object: 'event', api_version: '2026-10-28.endive' },
      ...{
        created: Math.floor(Date.now() / 1000),
        livemode: false,
        type,
        data: { object: structuredClone(object) },
      },
    };
    // Indented, as Stripe sends it: whoever parses and prints it again has other bytes.
    const body = JSON.stringify(event, null, 2);
    this.events.push({ id: event.id, type, body });
    const { times = () => 1, delayMs = () => 0 } = this.options ?? {};
    if (!this.options) return;
    for (let n = Math.max(1, times(type)); n > 0; n--) this.#later(body, delayMs(type));
  }

  /** Sends an event once more, now. Returns the status of the response. */
  async send(body: string): Promise<number> {
    if (!this.options) throw new Error('no endpoint is set');
    const { url, secret } = this.options;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signWebhook(body, secret),
      },
      body,
      signal: AbortSignal.timeout(5000),
    });
    await response.arrayBuffer();
    this.responses.push(response.status);
    return response.status;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#pending);
  }

  #later(body: string, delayMs: number): void {
    const sent = (async () => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      while (!this.#stopped) {
        const status = await this.send(body).catch(() => 0);
        if (status >= 200 && status < 300) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    this.#pending.add(sent);
    void sent.finally(() => this.#pending.delete(sent));
  }
}
