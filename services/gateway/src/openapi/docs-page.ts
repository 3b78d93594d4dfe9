import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { PreparedDocument } from '../documents/prepared-document.ts';

/**
 * Scripts and styles come from this origin only. Swagger UI sets styles by script, which this policy allows.
 */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const INDEX = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GridWorks Partner Portal API</title>
    <link rel="stylesheet" href="/docs/explorer/swagger-ui.css">
  </head>
  <body>
    <div id="explorer"></div>
    <script src="/docs/explorer/swagger-ui-bundle.js"></script>
    <script src="/docs/explorer/explorer.js"></script>
  </body>
</html>
`;
const EXPLORER = `window.onload = () => SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;
const require = createRequire(import.meta.url);
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'explorer.js': 'text/javascript; charset=utf-8',
};

const HEADERS = { 'content-security-policy': DOCS_CSP };
const prepared = new Map<string, Promise<PreparedDocument>>();

/** The page of the explorer: it loads everything else from this origin. */
export const docsIndex = new PreparedDocument(INDEX, {
  contentType: 'text/html; charset=utf-8',
  cacheControl: 'no-cache',
  headers: HEADERS,
});

/** One of the explorer's files, from a closed list; null for any other name. */
export async function docsFile(name: string): Promise<PreparedDocument | null> {
  const contentType = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (!contentType) return null;
  let file = prepared.get(name);
  if (!file) {
    file = prepare(name, contentType);
    prepared.set(name, file);
    // The next request tries again to read the file.
    file.catch(() => prepared.delete(name));
  }
  return file;
}

async function prepare(name: string, contentType: string): Promise<PreparedDocument> {
  const content =
    name === 'explorer.js' ? EXPLORER : await readFile(require.resolve(`swagger-ui-dist/${name}`));
  return new PreparedDocument(content, {
    contentType,
    cacheControl: 'public, max-age=3600',
    headers: HEADERS,
  });
}
