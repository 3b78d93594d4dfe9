import { AppError } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { clientNetwork, HealthRegistry, LOGGER } from '@gridworks/runtime';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { ConsoleFiles } from '../console/console-files.ts';
import { CallLimits } from '../limits/call-limits.ts';
import { BODY_MALFORMED } from '../problems/gateway.errors.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { BrowserTally } from './browser-tally.ts';
import { type FrontendReport, readReports } from './read-reports.ts';

const REPORTS = definePage({
  summary: 'What a page of the console reports of itself: errors, policy violations, how fast it was',
  http: { method: 'POST', path: '/v1/frontend-reports', status: 204, bodyLimitBytes: 16 << 10 },
  permission: 'public',
  internal: true,
  takesReports: true,
});
const VITALS = new Set(['LCP', 'CLS', 'INP', 'TTFB', 'FCP']);
const RATINGS = new Set(['good', 'needs-improvement', 'poor']);

/**
 * Counts the reports of pages. No credential is needed, since a page that cannot log in has errors to report,
 * too. Nothing of a report is sent back.
 */
@Controller()
export class FrontendReportsController {
  /** All builds that are not served now count as one, so that callers cannot invent label values. */
  readonly #reports = counter(
    'gateway_frontend_reports_total',
    'Reports that pages of the console sent about themselves',
    ['build', 'kind'],
  );
  readonly #vitals = counter('gateway_frontend_vitals_total', 'How fast pages were, as web vitals rate it', [
    'build',
    'name',
    'rating',
  ]);

  /** The figures that the pulse reports to monitor. */
  readonly #browsers: BrowserTally;

  constructor(
    readonly files: ConsoleFiles,
    readonly limits: CallLimits,
    @Inject(LOGGER) readonly logger: Logger,
    health: HealthRegistry,
  ) {
    this.#browsers = new BrowserTally(files.build);
    health.setFrontend(() => this.#browsers.read(performance.now()));
  }

  @Serve(REPORTS)
  async report(@Req() request: PublicRequest, @Res() reply: PublicReply): Promise<void> {
    const { address = '', requestId = '' } = request.call ?? {};
    await this.limits.takeForReport(address, reply);
    const batch = readReports(request.body);
    if (!batch) throw new AppError(BODY_MALFORMED, { detail: 'The body is not a report of a console page.' });
    // A browser's own report does not name the build. Nearly always it is the build that is served now.
    const build =
      batch.build === '' || batch.build === this.files.build ? (this.files.build ?? 'none') : 'other';
    for (const one of batch.reports) this.#count(build, one, requestId);
    this.#browsers.add(batch, { network: clientNetwork(address), requestId }, performance.now());
    await reply.code(204).send();
  }

  #count(build: string, { kind, name, rating, message, path }: FrontendReport, requestId: string): void {
    this.#reports.labels(build, kind).inc();
    if (kind !== 'vital')
      this.logger.log('page.failure_reported', {
        build,
        kind,
        name,
        page: path,
        report: message,
        request_id: requestId,
      });
    else if (VITALS.has(name) && RATINGS.has(rating)) this.#vitals.labels(build, name, rating).inc();
  }
}
