import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { httpStatus } from './http-status.ts';

/** Requests the gateway as a partner would, without the bus. */
@Injectable()
export class GatewayHttpCheck {
  readonly #url: string;

  constructor(@Inject(CONFIG) config: { readonly GATEWAY_URL: string }) {
    this.#url = new URL('/livez', config.GATEWAY_URL).href;
  }

  /** Resolves with the reason of a failure, or null, and with the duration in ms. */
  async probe(timeoutMs: number): Promise<{ error: string | null; latencyMs: number }> {
    const started = performance.now();
    const outcome = await httpStatus(this.#url, timeoutMs);
    const latencyMs = performance.now() - started;
    if (outcome.kind !== 'response') return { error: outcome.detail, latencyMs };
    return { error: outcome.status === 200 ? null : `status ${outcome.status}`, latencyMs };
  }
}
