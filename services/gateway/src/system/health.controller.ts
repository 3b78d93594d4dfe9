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

/** What everybody may know of this process. Details and metrics are at its health port. */
@Controller()
export class HealthController {
  constructor(readonly endpoints: HealthEndpoints) {}

  @Serve(probe('/livez'))
  live(@Res() reply: PublicReply) {
    this.#answer('/livez', reply);
  }

  @Serve(probe('/readyz'))
  ready(@Res() reply: PublicReply) {
    this.#answer('/readyz', reply);
  }

  @Serve(probe('/startupz'))
  started(@Res() reply: PublicReply) {
    this.#answer('/startupz', reply);
  }

  @Serve(page('/health', false))
  health(@Res() reply: PublicReply) {
    this.#answer('/health', reply);
  }

  #answer(endpoint: '/livez' | '/readyz' | '/startupz' | '/health', reply: PublicReply): void {
    const answer = this.endpoints.publicAnswer(endpoint);
    reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
  }
}
