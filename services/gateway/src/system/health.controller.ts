import { HealthEndpoints } from '@gridworks/runtime';
import { Controller, Req, Res } from '@nestjs/common';
import { pathOf } from '../problems/answer-problem.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { Route } from '../routing/route.decorator.ts';

const probe = { callers: ['anonymous'], status: 200, internal: true } as const;

/** The probes of this process, the same as at its health port. */
@Controller()
export class HealthController {
  constructor(readonly endpoints: HealthEndpoints) {}

  @Route('GET', '/livez', probe)
  live(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Route('GET', '/readyz', probe)
  ready(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Route('GET', '/startupz', probe)
  started(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Route('GET', '/health', probe)
  health(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  @Route('GET', '/metrics', probe)
  metrics(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#answer(request, reply);
  }

  #answer(request: PublicRequest, reply: PublicReply): void {
    const answer = this.endpoints.answer(pathOf(request.url));
    if (!answer) throw new Error(`no health answer for ${request.url}`);
    reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
  }
}
