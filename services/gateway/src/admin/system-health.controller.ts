import { AppError, getSystemHealth } from '@gridworks/contracts';
import { withSelfHealing } from '@gridworks/resilience';
import { Controller, Req, Res } from '@nestjs/common';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** How old an answer may be that stands in for monitor's, in milliseconds. */
const STALE_MS = 300_000;

interface HealthDocument {
  readonly json: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Monitor does not answer now. For the classifier it is what it would be over HTTP; the caller gets what is within. */
class MonitorAway extends Error {
  override readonly name = 'MonitorAway';
  readonly status = 503;
  constructor(readonly refusal: AppError) {
    super(`monitor does not answer: ${refusal.code}`);
  }
}

/** How the system is. Who asks is usually in trouble, so the last answer is better than none while monitor is away. */
@Controller()
export class SystemHealthController {
  /** Answers to the calls that they were made for; what another call gets is not fresh. */
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
      // The same for every admin: it has no input and tells of no partner.
      cache: { key: () => getSystemHealth.subject, staleMs: STALE_MS, maxEntries: 1 },
      // The request over the bus inside repeats, limits and stops itself.
      retry: false,
      breaker: false,
      bulkhead: false,
    });
  }

  /** With `Age` (RFC 9111) in seconds when it is not fresh; `observed_at` says when monitor had seen it. */
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
