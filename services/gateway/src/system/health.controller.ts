import { HealthEndpoints } from '@gridworks/runtime';
import { Controller, Res } from '@nestjs/common';
import type { PublicReply } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';

const page = (path: string, unlimited: boolean) =>
  definePage({
    summary: 'The state of this process',
    http: { method: 'GET', path, status: 200 },
    permission: 'public',
    internal: true,
    unlimited,
  });
const probe = (path: string) => page(path, true);

/** The public part of this process's health. Details and metrics are at its health port. */
@Controller()
export class HealthController {
  constructor(readonly endpoints: HealthEndpoints) {}

  @Serve(probe('/livez'))
  live(@Res() reply: PublicReply) {
    this.#respond('/livez', reply);
  }

  @Serve(probe('/readyz'))
  ready(@Res() reply: PublicReply) {
    this.#respond('/readyz', reply);
  }

  @Serve(probe('/startupz'))
  started(@Res() reply: PublicReply) {
    this.#respond('/startupz', reply);
  }

  @Serve(page('/health', false))
  health(@Res() reply: PublicReply) {
    this.#respond('/health', reply);
  }

  #respond(endpoint: '/livez' | '/readyz' | '/startupz' | '/health', reply: PublicReply): void {
    const response = this.endpoints.publicResponse(endpoint);
    reply.code(response.status).header('content-type', response.contentType).send(response.body);
  }
}
