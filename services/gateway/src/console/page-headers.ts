/**
 * What a page and its scripts may do: files and calls of this origin, no inline script or style, no `eval`, and HTML from
 * strings only through the console's own policy `portal` (Trusted Types).
 */
export const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types portal',
  'report-uri /v1/frontend-reports',
  'report-to reports',
].join('; ');

/** Headers of every page and every script: a worker is bound by the policy of its own file. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_CSP,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'same-origin',
  'reporting-endpoints': 'reports="/v1/frontend-reports"',
};
