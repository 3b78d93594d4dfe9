import { ServiceInfo } from '@gridworks/runtime';
import { Controller, Req, Res } from '@nestjs/common';
import { ConsoleFiles } from '../console/console-files.ts';
import { PAGE_HEADERS } from '../console/page-headers.ts';
import { acceptsHtml } from '../documents/accepts-html.ts';
import { PreparedDocument } from '../documents/prepared-document.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestPipeline } from '../routing/request-pipeline.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { buildAsyncApi } from './build-asyncapi.ts';
import { buildOpenApi } from './build-openapi.ts';
import { describeProblem } from './describe-problem.ts';
import { renderProblem } from './render-problem.ts';

const page = (path: string) =>
  definePage({
    summary: 'What is written about this API',
    http: { method: 'GET', path, status: 200 },
    permission: 'public',
    internal: true,
  });

const HTML = 'text/html; charset=utf-8';
const JSON_DOCUMENT = { contentType: 'application/json; charset=utf-8', cacheControl: 'no-cache' };

/** The documents about this API, for programs and people. */
@Controller()
export class DocumentsController {
  #openApi: PreparedDocument | undefined;
  #asyncApi: PreparedDocument | undefined;
  /** Documents by error code. Their number is bounded by the codes in the catalogue. */
  readonly #problems = new Map<string, ProblemDocuments>();

  constructor(
    readonly pipeline: RequestPipeline,
    readonly info: ServiceInfo,
    readonly files: ConsoleFiles,
  ) {}

  @Serve(page('/openapi.json'))
  openApi(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#openApi ??= prepare(buildOpenApi(this.pipeline.routes, this.info.version));
    return this.#openApi.send(request, reply);
  }

  @Serve(page('/asyncapi.json'))
  asyncApi(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.#asyncApi ??= prepare(buildAsyncApi(this.info.version));
    return this.#asyncApi.send(request, reply);
  }

  /** The page that the `type` of a problem points to: HTML for a browser, JSON for a program. */
  @Serve(page('/problems/:code'))
  problem(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    const { code } = request.params as { code: string };
    let problem = this.#problems.get(code);
    if (!problem) {
      problem = prepareProblem(code, this.files.notFound?.text ?? null);
      this.#problems.set(code, problem);
    }
    return problem[acceptsHtml(request.raw.headers.accept) ? 'page' : 'json'].send(request, reply);
  }
}

interface ProblemDocuments {
  readonly page: PreparedDocument;
  readonly json: PreparedDocument;
}

function prepareProblem(code: string, frame: string | null): ProblemDocuments {
  const problem = describeProblem(code);
  const options = { cacheControl: 'no-cache', chosenBy: 'accept' };
  return {
    page: new PreparedDocument(renderProblem(problem, frame), {
      ...options,
      contentType: HTML,
      headers: PAGE_HEADERS,
    }),
    json: new PreparedDocument(JSON.stringify(problem), {
      ...options,
      contentType: JSON_DOCUMENT.contentType,
    }),
  };
}

const prepare = (content: object): PreparedDocument =>
  new PreparedDocument(JSON.stringify(content), JSON_DOCUMENT);
