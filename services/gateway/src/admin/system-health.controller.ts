import { AppError, getSystemHealth } from '@gridworks/contracts';
import { withSelfHealing } from '@gridworks/resilience';
import { Controller, Req, Res } from '@nestjs/common';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** The maximum age of a remembered response that is served while monitor does not respond, in milliseconds. */
const STALE_MS = 300_000;

interface HealthDocument {
  readonly json: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Monitor does not respond. The error classifier reads `status`; the caller gets `refusal`. */
class MonitorAway extends Error {
  override readonly name = 'MonitorAway';
  readonly status = 503;
  constructor(readonly refusal: AppError) {
    super(`monitor does not respond: ${refusal.code}`);
  }
}

/**
 * The health of the system. It is read most during trouble, so while monitor is away the last response is
 * served.
 */
@Controller()
export class SystemHealthController {
  /** Responses that monitor gave to this very call; any other response is not fresh. */
  readonly #fresh = new WeakMap<PublicRequest, HealthDocument>();
  readonly #read: (request: PublicRequest) => Promise<HealthDocument>;

  constructor(readonly services: RequestForwarder) {
    this.#read = withSelfHealing((request: PublicRequest) => this.#fetch(request), {
      source: 'gateway.system-health.read',
      category: 'api',
      dependency: 'http',
      dependencyName: 'monitor',
      idempotent: true,
      isBusinessError: (error) => !(error instanceof MonitorAway),
      // The same for every admin: the request has no input, and its response names no partner.
      cache: { key: () => getSystemHealth.subject, staleMs: STALE_MS, maxEntries: 1 },
      // The request over the bus has its own retries, breaker and deadline.
      retry: false,
      breaker: false,
      bulkhead: false,
    });
  }

  /**
   * Sends `Age` (RFC 9111) in seconds when the response is not fresh; `observed_at` is the time of monitor's
   * observation.
   */
  @Serve(getSystemHealth)
  async health(
    @Req() request: PublicRequest,
    @Res({ passthrough: true }) reply: PublicReply,
  ): Promise<string> {
    try {
      const response = await this.#read(request);
      if (this.#fresh.get(request) !== response)
        reply.header('age', String(Math.max(0, Math.floor((Date.now() - response.at) / 1000))));
      return response.json;
    } catch (error) {
      throw error instanceof MonitorAway ? error.refusal : error;
    }
  }

  async #fetch(request: PublicRequest): Promise<HealthDocument> {
    try {
      const json = await this.services.forward(request);
      const response = { json, at: Date.now() };
      this.#fresh.set(request, response);
      return response;
    } catch (error) {
      const away =
        error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'deadline_exceeded');
      throw away ? new MonitorAway(error) : error;
    }
  }
}
