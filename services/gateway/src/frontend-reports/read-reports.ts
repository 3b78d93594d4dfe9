import { redactText } from '@gridworks/redaction';
import { z } from 'zod';

/** What a page of the console reports about itself. */
export interface FrontendReport {
  readonly kind: 'error' | 'chunk' | 'policy' | 'vital';
  /** The address of the page without the ids in it. */
  readonly path: string;
  /** Redacted. */
  readonly message: string;
  /** For a vital its name, such as `LCP`; for a policy violation the directive. */
  readonly name: string;
  /** For a vital: `good`, `needs-improvement` or `poor`. */
  readonly rating: string;
}

export interface ReportBatch {
  /** The build that the page names; '' when it names none, as in reports of the browser itself. */
  readonly build: string;
  readonly reports: readonly FrontendReport[];
}

const MOST = 10;
const short = (length: number) => z.string().transform((text) => text.slice(0, length));

/** The form that the console sends: `console/src/self-healing/reports.ts`. Further members are left out. */
const consoleBatch = z.object({
  build: short(64),
  reports: z
    .array(
      z.object({
        kind: z.enum(['error', 'chunk', 'policy', 'vital']),
        path: short(200).default(''),
        message: short(500).default(''),
        name: short(60).default(''),
        rating: short(20).default(''),
      }),
    )
    .min(1)
    .max(MOST),
});
/** The form of the Reporting API, `application/reports+json`: https://www.w3.org/TR/reporting-1/ */
const browserBatch = z
  .array(
    z.object({
      type: short(40),
      url: z.string().default(''),
      body: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .min(1)
  .max(100)
  .transform((reports) => reports.slice(0, MOST));
/** The form of older browsers, `application/csp-report`. */
const policyReport = z.object({ 'csp-report': z.record(z.string(), z.unknown()) });

/**
 * The reports of a body in any of its three forms; null for any other body. All text that a person may have
 * entered is redacted.
 */
export function readReports(body: unknown): ReportBatch | null {
  const ours = consoleBatch.safeParse(body);
  if (ours.success)
    return {
      build: ours.data.build,
      reports: ours.data.reports.map((one) => ({ ...one, message: redactText(one.message) })),
    };
  const browser = browserBatch.safeParse(body);
  if (browser.success)
    return {
      build: '',
      reports: browser.data.map(({ type, url, body: facts }) =>
        policy(type === 'csp-violation' ? text(facts.effectiveDirective) : type, url, text(facts.blockedURL)),
      ),
    };
  const older = policyReport.safeParse(body);
  if (!older.success) return null;
  const facts = older.data['csp-report'];
  const directive = text(facts['effective-directive'] ?? facts['violated-directive']);
  return { build: '', reports: [policy(directive, text(facts['document-uri']), text(facts['blocked-uri']))] };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function policy(name: string, url: string, blocked: string): FrontendReport {
  return {
    kind: 'policy',
    path: URL.canParse(url)
      ? new URL(url).pathname.replace(/\/[a-z]+_[\w-]{6,}/gi, '/:id').slice(0, 200)
      : '',
    message: redactText(blocked.slice(0, 500)),
    name: name.slice(0, 60),
    rating: '',
  };
}
