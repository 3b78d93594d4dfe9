import type { ProblemDescription } from './describe-problem.ts';

// The parts of a page that differ from page to page.
const TITLE = /<title>[^<]*<\/title>/;
const DESCRIPTION = /<meta name="description" content="[^"]*">/;
const MAIN = /(<main[^>]*>)[\s\S]*<\/main>/;

/** The page without a console: plain HTML, no script, no style. */
const PLAIN = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title></title>
</head>
<body>
<main></main>
</body>
</html>
`;

/**
 * The page of one error code, for a person who followed the `type` of a problem.
 * @param frame a page of the console, whose header, footer and styles are kept; null without a console
 */
export function renderProblem(problem: ProblemDescription, frame: string | null): string {
  const { code, title, status, retryable } = problem;
  const content = `<div class="bar message">
<h1>${escapeHtml(title)}</h1>
<p>A response with the code <code>${escapeHtml(code)}</code> has the HTTP status ${status}.</p>
<p>${
    retryable
      ? 'The same request may succeed later. When the response has <code>retry_after</code>, wait that many seconds first.'
      : 'The same request will fail again: change the request, or the state that it refers to, first.'
  }</p>
<p>The member <code>detail</code> of the response says more. Quote its <code>request_id</code> when you write to support.</p>
<p><a href="/docs/guides/errors">The guide to errors</a></p>
</div>`;
  return (frame ?? PLAIN)
    .replace(TITLE, () => `<title>${escapeHtml(code)} · GridWorks Partner Portal</title>`)
    .replace(DESCRIPTION, () => `<meta name="description" content="${escapeHtml(title)}">`)
    .replace(MAIN, (_whole, main: string) => `${main}${content}</main>`);
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
