import { operationPath, tagTitle } from '../../src/reference/addresses.ts';
import { html } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import { type DocsContent, docsFrame, guidePath, methodMark, operationGroups } from './docs-frame.ts';

/** The first page of the documentation: lists of guides and operations. */
export function docsIndexPage(content: DocsContent): Page {
  const article = html`<h1>Documentation</h1>
<p class="lead">Everything a client of the API needs: ten minutes to the first call, then what heals by itself and what your program should do.</p>
<ul class="cards">${content.guides.map(
    ({ slug, title, rendered }) =>
      html`<li><a href="${guidePath(slug)}"><strong>${title}</strong><span>${rendered.lead}</span></a></li>`,
  )}</ul>
<h2 id="reference">Reference</h2>
<p>Made from the same contracts that the gateway checks each call with. <a href="/explorer">The API explorer</a> of the console sends real calls with a test key of its own; <a href="/openapi.json">openapi.json</a> is for programs.</p>
${operationGroups(content.operations).map(
  ({ tag, operations }) => html`<h3 id="tag-${tag}">${tagTitle(tag)}</h3>
<ul class="operations">${operations.map(
    ({ id, method, path, summary }) =>
      html`<li><a href="${operationPath(id)}">${methodMark(method)}<code>${path}</code><span>${summary}</span></a></li>`,
  )}</ul>`,
)}`;
  return {
    path: '/docs',
    title: 'Documentation',
    description:
      'Guides and reference of the GridWorks API: keys, errors, retries, idempotency, limits, self-healing.',
    section: 'docs',
    island: 'docs',
    body: docsFrame(content, '/docs', article, []),
  };
}
