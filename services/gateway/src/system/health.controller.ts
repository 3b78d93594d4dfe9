import { HealthEndpoints } from '@gridworks/runtime';
import { Controller, Req, Res } from '@nestjs/common';
import { pathOf } from '../problems/answer-problem.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';

const probe = (path: string) =>
  definePage({
    summary: 'The state of this process',
    http: { method: 'GET', path, status: 200 },
    permission: 'public',
    internal: true,
  });

/** The probes of this process, the same as at its health port. */
@Controller()
export class HealthController {
  constructor(readonly endpoints: HealthEndpoints) {}

  @Serve(probe('/livez'))
  live(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Serve(probe('/readyz'))
  ready(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Serve(probe('/startupz'))
  started(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Serve(probe('/health'))
  health(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Serve(probe('/metrics'))
  metrics(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  #answer(request: PublicRequest, reply: PublicReply): void {
    const answer = this.endpoints.answer(pathOf(request.url));
    if (!answer) throw new Error(`no health answer for ${request.url}`);
    reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
  }
}
