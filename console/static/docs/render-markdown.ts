import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import http from 'highlight.js/lib/languages/http';
import json from 'highlight.js/lib/languages/json';
import typescript from 'highlight.js/lib/languages/typescript';
import { Marked, type Tokens } from 'marked';
import { escapeHtml, html, rawHtml } from '../html/html.ts';

hljs.registerLanguage('sh', bash);
hljs.registerLanguage('json', json);
hljs.registerLanguage('http', http);
hljs.registerLanguage('ts', typescript);

export interface Heading {
  readonly depth: number;
  readonly id: string;
  readonly text: string;
}

export interface RenderedMarkdown {
  /** The first heading of depth 1; it is not part of `html`. */
  readonly title: string;
  /** The first paragraph as plain text. */
  readonly lead: string;
  readonly html: string;
  /** Depth 2 and 3, in order. */
  readonly headings: readonly Heading[];
  /**
   * Plain text below each heading of depth 2, for the search. The first section is the text above all of
   * them.
   */
  readonly sections: readonly { readonly id: string | null; readonly text: string }[];
}

/** A block of code with a copy button. `language` is sh, json, http, ts, or empty. */
export function codeBlock(code: string, language = ''): string {
  const known = hljs.getLanguage(language) !== undefined;
  const marked = known ? hljs.highlight(code, { language }).value : escapeHtml(code);
  return html`<div class="code"><pre tabindex="0"><code${known ? html` class="lang-${language}"` : ''}>${rawHtml(marked)}</code></pre><button class="copy" type="button" data-copy>Copy</button></div>`
    .text;
}

/** `Retry-After` and the rest: `retry-after-and-the-rest`. */
export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/**
 * Renders the Markdown of the guides as HTML, with anchors at headings. HTML in the source is shown as text.
 */
export function renderMarkdown(source: string): RenderedMarkdown {
  const headings: Heading[] = [];
  const sections: { id: string | null; text: string }[] = [{ id: null, text: '' }];
  let title = '';
  let lead = '';
  const marked = new Marked({ gfm: true });
  const tokens = marked.lexer(source);
  for (const token of tokens) {
    if (token.type === 'heading' && token.depth === 1) {
      title ||= plainText(token as Tokens.Heading);
      continue;
    }
    if (token.type === 'paragraph') lead ||= plainText(token as Tokens.Paragraph);
    if (token.type === 'heading' && token.depth === 2)
      sections.push({ id: slugOf(plainText(token as Tokens.Heading)), text: '' });
    const section = sections.at(-1);
    if (section) section.text += ` ${plainText(token)}`;
  }
  marked.use({
    renderer: {
      heading({ tokens: inner, depth }) {
        if (depth === 1) return '';
        const text = inner.map(plainText).join('');
        const id = slugOf(text);
        if (depth <= 3) headings.push({ depth, id, text });
        const anchor = html`<a class="anchor" href="#${id}" aria-label="Link to ${text}">#</a>`.text;
        return `<h${depth} id="${id}">${this.parser.parseInline(inner)}${anchor}</h${depth}>\n`;
      },
      code({ text, lang }) {
        return codeBlock(text, lang);
      },
      html({ text }) {
        return escapeHtml(text);
      },
      // Markdown writes the alignment of columns as an obsolete attribute.
      tablecell({ tokens: inner, header }) {
        const tag = header ? 'th' : 'td';
        return `<${tag}${header ? ' scope="col"' : ''}>${this.parser.parseInline(inner)}</${tag}>\n`;
      },
    },
  });
  const body = labelTables(marked.parser(tokens));
  return {
    title,
    lead,
    html: body,
    headings,
    sections: sections.map(({ id, text }) => ({ id, text: text.replace(/\s+/g, ' ').trim() })),
  };
}

/** Makes tables scrollable regions for narrow screens, each with a name. */
function labelTables(body: string): string {
  let tables = 0;
  return body
    .replace(/<table>/g, () => {
      tables++;
      return `<div class="table" tabindex="0" role="region" aria-label="Table ${tables}"><table>`;
    })
    .replaceAll('</table>', '</table></div>');
}

interface AnyToken {
  readonly type?: string;
  readonly text?: string;
  readonly tokens?: AnyToken[] | undefined;
  readonly items?: AnyToken[];
  readonly rows?: AnyToken[][];
  /** The cells of a table; for a cell whether it is a header. */
  readonly header?: AnyToken[] | boolean;
}

/** The words of a token without markup. Blocks of code are left out. */
function plainText(given: unknown): string {
  const token = given as AnyToken;
  if (token.type === 'code' || token.type === 'space') return '';
  const inner = [
    ...(token.tokens ?? []),
    ...(token.items ?? []),
    ...(Array.isArray(token.header) ? token.header : []),
    ...(token.rows ?? []).flat(),
  ];
  if (inner.length === 0) return unescapeText(token.text ?? '');
  const isBlock = token.tokens === undefined || token.type === 'list_item';
  return inner.map(plainText).join(isBlock ? ' ' : '');
}

const unescapeText = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
