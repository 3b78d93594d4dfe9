import type { ProblemDescription } from './describe-problem.ts';

/** The page of one error code, for a person who followed the `type` of a problem. Plain HTML: no script, no style. */
export function renderProblem({ code, title, status, retryable }: ProblemDescription): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escapeHtml(code)} · GridWorks Partner Portal</title>
  </head>
  <body>
    <main>
      <h1>${escapeHtml(title)}</h1>
      <p>A response with the code <code>${escapeHtml(code)}</code> has the HTTP status ${status}.</p>
      <p>${
        retryable
          ? 'The same request may succeed later. When the response has <code>retry_after</code>, wait that many seconds first.'
          : 'The same request will fail again: change the request, or the state that it refers to, first.'
      }</p>
      <p>The member <code>detail</code> of the response says more. Quote its <code>request_id</code> when you write to support.</p>
      <p><a href="/docs">Documentation</a></p>
    </main>
  </body>
</html>
`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
