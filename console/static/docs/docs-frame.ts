import { operationPath, shorten, tagTitle } from '../../src/reference/addresses.ts';
import type { Operation } from '../../src/reference/open-api.ts';
import { type Html, html } from '../html/html.ts';
import type { Guide } from './guides.ts';
import type { Heading } from './render-markdown.ts';

/** The content of the documentation's navigation. */
export interface DocsContent {
  readonly guides: readonly Guide[];
  readonly operations: readonly Operation[];
}

export const guidePath = (slug: string): string => `/docs/guides/${slug}`;
const ADMIN_TAG = 'admin';

/** Operations by their tag, in the order of the document; those for admins come last. */
export function operationGroups(
  operations: readonly Operation[],
): { tag: string; operations: Operation[] }[] {
  const groups = Map.groupBy(operations, ({ tag }) => tag);
  return [...groups]
    .map(([tag, members]) => ({ tag, operations: members }))
    .toSorted((a, b) => Number(a.tag === ADMIN_TAG) - Number(b.tag === ADMIN_TAG));
}

const methodMark = (method: string): Html =>
  html`<span class="method method-${method.toLowerCase()}">${method === 'DELETE' ? 'DEL' : method}</span>`;

/** The frame of a documentation page around its article. */
export function docsFrame(
  content: DocsContent,
  path: string,
  article: Html,
  headings: readonly Heading[],
): Html {
  return html`<div class="docs">
<details class="docs-menu"><summary>All guides and operations</summary>${navigation(content, path)}</details>
<div class="docs-side">${navigation(content, path)}</div>
<article class="docs-article">${article}</article>
${headings.length > 1 ? contents(headings) : html`<div class="docs-contents"></div>`}
</div>`;
}

function navigation({ guides, operations }: DocsContent, path: string): Html {
  const link = (href: string, label: Html) =>
    html`<li><a href="${href}"${href === path && html` aria-current="page"`}>${label}</a></li>`;
  return html`<nav aria-label="Documentation">
<p class="nav-title">Guides</p>
<ul>${guides.map(({ slug, title }) => link(guidePath(slug), html`${title}`))}</ul>
${operationGroups(operations).map(
  (group) => html`<p class="nav-title">${tagTitle(group.tag)}</p>
<ul>${group.operations.map(({ id, method, summary }) =>
    link(operationPath(id), html`${methodMark(method)}<span>${shorten(summary)}</span>`),
  )}</ul>`,
)}
</nav>`;
}

function contents(headings: readonly Heading[]): Html {
  return html`<nav class="docs-contents" aria-label="On this page"><p class="nav-title">On this page</p>
<ul>${headings.map(({ depth, id, text }) => html`<li class="depth-${depth}"><a href="#${id}">${text}</a></li>`)}</ul></nav>`;
}

export { methodMark };
