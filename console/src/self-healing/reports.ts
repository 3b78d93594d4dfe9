import { BUILD } from './stale-build.ts';

/**
 * What the page reports about its own failures: no input, no addresses with parameters, no data of a person.
 */
export interface FrontendReport {
  readonly kind: 'error' | 'chunk' | 'policy' | 'vital';
  readonly message?: string;
  readonly stack?: string;
  readonly source?: string;
  readonly name?: string;
  readonly value?: number;
  readonly rating?: string;
  readonly path: string;
}

const PATH = '/v1/frontend-reports';
const AT_MOST_A_MINUTE = 20;
const AT_MOST_TOGETHER = 10;
const GATHERED_MS = 3000;
const LONGEST_MESSAGE = 500;
const LONGEST_STACK = 800;

const waiting: FrontendReport[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let sentAt: number[] = [];
const known = new Map<string, number>();

/** `/support/tkt_01J...` becomes `/support/:id`: the report names the page, not the resource. */
export const pathOf = (pathname: string): string => pathname.replace(/\/[a-z]+_[\w-]{6,}/gi, '/:id');

const shorten = (text: string | undefined, length: number) => text?.slice(0, length);

/** Queues a report, unless the same one was queued within the last minute. */
export function report(kind: FrontendReport['kind'], what: Omit<FrontendReport, 'kind' | 'path'>): void {
  const now = Date.now();
  const same = `${kind} ${what.name ?? ''} ${what.message ?? ''}`;
  if (kind !== 'vital' && now - (known.get(same) ?? 0) < 60_000) return;
  known.set(same, now);
  sentAt = sentAt.filter((at) => now - at < 60_000);
  if (sentAt.length >= AT_MOST_A_MINUTE) return;
  sentAt.push(now);
  const { message, stack, ...rest } = what;
  waiting.push({
    kind,
    path: pathOf(location.pathname),
    ...rest,
    ...(message ? { message: shorten(message, LONGEST_MESSAGE) as string } : {}),
    ...(stack ? { stack: shorten(stack, LONGEST_STACK) as string } : {}),
  });
  timer ??= setTimeout(flush, GATHERED_MS);
}

/** Reports an error that was thrown. */
export function reportError(
  error: unknown,
  kind: 'error' | 'chunk' = 'error',
  componentStack?: string,
): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  report(kind, { message, stack: `${stack ?? ''}${componentStack ?? ''}` });
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const reports = waiting.splice(0, AT_MOST_TOGETHER);
  if (reports.length === 0) return;
  if (waiting.length > 0) timer = setTimeout(flush, GATHERED_MS);
  // `keepalive` lets the request outlive the page; it needs no credential. A failure is ignored, since it
  // cannot be reported.
  void fetch(PATH, {
    method: 'POST',
    keepalive: true,
    credentials: 'omit',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ build: BUILD, reports }),
  }).catch(() => undefined);
}

/** Sends waiting reports when the page is hidden, which may be its end. */
export function startReports(): void {
  addEventListener('error', ({ error, message }) => reportError(error ?? message));
  addEventListener('unhandledrejection', ({ reason }) => reportError(reason));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
    report('policy', { name: violatedDirective, message: blockedURI, source: sourceFile }),
  );
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) flush();
  });
}
