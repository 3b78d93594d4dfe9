import { type Html, html, type Part } from './html.ts';

/** The scripts of pages, by the name of their entry in `islands/`. */
export type IslandName = 'frame' | 'landing' | 'status' | 'docs';

/** Results of the build that pages need: addresses of hashed files, and the build id. */
export interface Site {
  readonly css: string;
  readonly islands: Readonly<Record<IslandName, string>>;
  /** The script that shows the chosen theme. It blocks the first paint, so it is tiny. */
  readonly theme: string;
  /** The index that the search fetches when it opens. */
  readonly searchIndex: string;
  /** The existing pictures of the running console, by name: their addresses. */
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly build: string;
}

export interface Picture {
  readonly src: string;
  readonly width: number;
  readonly height: number;
}

export interface Page {
  /** The address of the page: `/docs/guides/errors`. */
  readonly path: string;
  readonly title: string;
  /** One sentence for search engines and previews. */
  readonly description: string;
  readonly section: 'home' | 'docs' | 'status' | 'system';
  readonly island: IslandName;
  readonly body: Html;
  /** Excludes the page from search engines. */
  readonly hidden?: boolean;
}

export const PRODUCT = 'GridWorks Partner Portal';

const NAVIGATION = [
  { href: '/#demo', label: 'Live demo', section: null },
  { href: '/#pricing', label: 'Pricing', section: null },
  { href: '/docs', label: 'Docs', section: 'docs' },
  { href: '/status', label: 'Status', section: 'status' },
] as const;

/** A whole document without inline scripts or styles: the policy of the gateway forbids both. */
export function renderPage(page: Page, site: Site): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.section === 'home' ? page.title : `${page.title} · ${PRODUCT}`}</title>
<meta name="description" content="${page.description}">
<meta name="color-scheme" content="light dark">
${page.hidden && html`<meta name="robots" content="noindex">`}
<meta name="build" content="${site.build}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<script src="${site.theme}"></script>
<link rel="stylesheet" href="${site.css}">
<script type="module" src="${site.islands[page.island]}"></script>
</head>
<body class="page-${page.section}">
<a class="skip" href="#content">Skip to content</a>
${header(page, site)}
<main id="content" tabindex="-1">
${page.body}
</main>
${footer()}
</body>
</html>
`.text;
}

function header(page: Page, site: Site): Html {
  const links: Part[] = NAVIGATION.map(
    ({ href, label, section }) =>
      html`<li><a href="${href}"${section === page.section ? html` aria-current="true"` : ''}>${label}</a></li>`,
  );
  return html`<header class="site-header">
<div class="bar">
<a class="brand" href="/">${mark()}<span>GridWorks</span><span class="brand-rest"> Partner Portal</span></a>
<nav class="site-nav" aria-label="Site"><ul>${links}</ul></nav>
<div class="site-actions">
${page.section === 'docs' && html`<button class="search-open" type="button" data-search="${site.searchIndex}"><span class="search-word">Search</span><kbd>/</kbd></button>`}
<a class="login" href="/login">Log in</a>
<a class="button small" href="/signup">Sign up</a>
</div>
</div>
</header>`;
}

/** The logo of the product: a line that breaks and closes again. */
const mark = (): Html =>
  html`<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M3 12h4l2-5 3 10 3-8 1.5 3H21" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

function footer(): Html {
  return html`<footer class="site-footer">
<div class="bar">
<p class="footer-status"><a href="/status"><span class="state" data-footer-status data-state="unknown"><span class="shape" aria-hidden="true"></span><span class="word">Status</span></span></a></p>
<nav aria-label="Footer"><ul>
<li><a href="/docs">Documentation</a></li>
<li><a href="/docs/guides/self-healing">Self-healing guide</a></li>
<li><a href="/explorer">API explorer</a></li>
<li><a href="/openapi.json">OpenAPI</a></li>
<li><a href="/asyncapi.json">AsyncAPI</a></li>
<li><a href="/signup">Sign up</a></li>
</ul></nav>
<p class="muted">${PRODUCT}. Open source, Apache-2.0.</p>
</div>
</footer>`;
}
