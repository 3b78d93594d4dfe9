import { AppError } from '@gridworks/contracts';
import { ServiceInfo } from '@gridworks/runtime';
import { Controller, Req, Res } from '@nestjs/common';
import { ROUTE_NOT_FOUND } from '../problems/gateway.errors.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { PublicDoor } from '../routing/public-door.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { buildAsyncApi } from './build-asyncapi.ts';
import { buildOpenApi } from './build-openapi.ts';
import { describeProblem } from './describe-problem.ts';
import { DOCS_CSP, docsFile, docsIndex, type PageFile } from './docs-page.ts';

const page = (path: string) =>
  definePage({
    summary: 'What is written about this API',
    http: { method: 'GET', path, status: 200 },
    permission: 'public',
    internal: true,
  });

/** What is written about this API, for programs and people. */
@Controller()
export class DocumentsController {
  #openApi: string | undefined;
  #asyncApi: string | undefined;

  constructor(
    readonly door: PublicDoor,
    readonly info: ServiceInfo,
  ) {}

  @Serve(page('/openapi.json'))
  openApi() {
    this.#openApi ??= JSON.stringify(buildOpenApi(this.door.routes, this.info.version));
    return this.#openApi;
  }

  @Serve(page('/asyncapi.json'))
  asyncApi() {
    this.#asyncApi ??= JSON.stringify(buildAsyncApi(this.info.version));
    return this.#asyncApi;
  }

  @Serve(page('/docs'))
  docs(@Res() reply: PublicReply) {
    send(reply, docsIndex());
  }

  @Serve(page('/docs/:file'))
  async docsFile(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    const file = await docsFile((request.params as { file: string }).file);
    if (!file) throw new AppError(ROUTE_NOT_FOUND);
    reply.header('cache-control', 'public, max-age=3600');
    send(reply, file);
  }

  /** The page that the `type` of a problem points to. */
  @Serve(page('/problems/:code'))
  problem(@Req() request: PublicRequest) {
    return JSON.stringify(describeProblem((request.params as { code: string }).code));
  }
}

function send(reply: PublicReply, file: PageFile): void {
  reply.header('content-security-policy', DOCS_CSP).header('content-type', file.contentType).send(file.body);
}
