import { html, rawHtml } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import { type DocsContent, docsFrame } from './docs-frame.ts';
import { renderMarkdown } from './render-markdown.ts';

/** The results of the last suite of injected faults, as written by the suite. */
export function scorecardPage(content: DocsContent, source: string): Page {
  const rendered = renderMarkdown(source);
  return {
    path: '/docs/scorecard',
    title: rendered.title,
    description: 'Every fault that is injected on purpose, and how long its healing took.',
    section: 'docs',
    island: 'docs',
    body: docsFrame(
      content,
      '/docs/scorecard',
      html`<h1>${rendered.title}</h1>${rawHtml(rendered.html)}`,
      rendered.headings,
    ),
  };
}
