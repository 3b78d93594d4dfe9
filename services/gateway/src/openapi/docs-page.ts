import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export interface PageFile {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Swagger UI styles its elements inline; scripts come from this origin alone. */
export const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const index = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GridWorks Partner Portal API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="explorer"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/explorer.js"></script>
  </body>
</html>
`;
const explorer = `window.onload = () => SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;
const require = createRequire(import.meta.url);
const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** The explorer's page: the frame that loads the rest from this origin. */
export const docsIndex = (): PageFile => ({
  contentType: 'text/html; charset=utf-8',
  body: Buffer.from(index),
});

/** One of the explorer's files, from a closed list; null for any other name. */
export async function docsFile(name: string): Promise<PageFile | null> {
  if (name === 'explorer.js')
    return { contentType: 'text/javascript; charset=utf-8', body: Buffer.from(explorer) };
  const contentType = Object.hasOwn(files, name) ? files[name] : undefined;
  if (!contentType) return null;
  return { contentType, body: await readFile(require.resolve(`swagger-ui-dist/${name}`)) };
}
