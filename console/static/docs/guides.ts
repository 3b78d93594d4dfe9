import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { html, rawHtml } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import { type DocsContent, docsFrame, guidePath } from './docs-frame.ts';
import { type RenderedMarkdown, renderMarkdown } from './render-markdown.ts';

export interface Guide {
  readonly slug: string;
  readonly title: string;
  readonly rendered: RenderedMarkdown;
}

/**
 * Reads the guides in the order of their file names: `01-getting-started.md` is served as `getting-started`.
 */
export async function readGuides(folder: string): Promise<Guide[]> {
  const files = (await readdir(folder)).filter((name) => /^\d\d-[a-z-]+\.md$/.test(name)).sort();
  return Promise.all(
    files.map(async (name) => {
      const rendered = renderMarkdown(await readFile(join(folder, name), 'utf8'));
      return { slug: name.slice(3, -3), title: rendered.title, rendered };
    }),
  );
}

export function guidePage(content: DocsContent, guide: Guide): Page {
  const path = guidePath(guide.slug);
  const place = content.guides.indexOf(guide);
  const before = content.guides[place - 1];
  const after = content.guides[place + 1];
  const article = html`<h1>${guide.title}</h1>
${rawHtml(guide.rendered.html)}
<nav class="next-pages" aria-label="Next guides">
${before ? html`<a class="before" href="${guidePath(before.slug)}"><span>Before</span>${before.title}</a>` : html`<span></span>`}
${after && html`<a class="after" href="${guidePath(after.slug)}"><span>Next</span>${after.title}</a>`}
</nav>`;
  return {
    path,
    title: guide.title,
    description: guide.rendered.lead,
    section: 'docs',
    island: 'docs',
    body: docsFrame(content, path, article, guide.rendered.headings),
  };
}
