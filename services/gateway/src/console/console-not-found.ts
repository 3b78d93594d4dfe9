import type { Logger } from '@gridworks/observability';
import { acceptsHtml } from '../documents/accepts-html.ts';
import type { NotFoundPages } from '../problems/problem-filter.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import type { ConsoleFiles } from './console-files.ts';

/** The console's page for an address that does not exist. */
export class ConsoleNotFound implements NotFoundPages {
  constructor(
    readonly files: ConsoleFiles,
    readonly logger: Logger,
  ) {}

  sendNotFound(request: PublicRequest, reply: PublicReply): boolean {
    const { notFound } = this.files;
    if (!notFound || !wantsPage(request)) return false;
    notFound
      .send(request, reply, 404)
      .catch((error: unknown) => this.logger.log('console.page_failed', { error }));
    return true;
  }
}

/** A browser that navigates to a page address. A missing script or style stays a problem document. */
function wantsPage({ method, url, raw }: PublicRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return (
    !url.startsWith('/v1/') &&
    !url.startsWith('/scim/') &&
    !url.startsWith('/assets/') &&
    acceptsHtml(raw.headers.accept)
  );
}
