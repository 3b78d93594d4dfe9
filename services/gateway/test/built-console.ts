import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const SCRIPT = `console.log(${JSON.stringify('x'.repeat(3000))});\n`;
const page = (title: string): string =>
  `<!doctype html><title>${title}</title><header>The header</header>\n<main id="content"><div id="root"></div></main>\n`;

/** Writes a small console in the form of its build to a temporary folder. Returns the folder. */
export async function buildConsole(list: Record<string, unknown> = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'gridworks-console-'));
  const put = async (file: string, content: string | Buffer): Promise<void> => {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), content);
  };
  for (const file of ['assets/index-4f2a.js', 'previous/assets/index-0b1c.js']) {
    await put(file, SCRIPT);
    await put(`${file}.br`, brotliCompressSync(SCRIPT));
    await put(`${file}.gz`, gzipSync(SCRIPT));
  }
  await put('assets/logo-77aa.png', Buffer.alloc(2000, 1));
  await put('sw.js', 'self.addEventListener("fetch", () => {});\n');
  await put('secret.txt', 'in the folder, but not in the list');
  for (const name of ['index', 'app', 'not-found']) await put(`${name}.html`, page(name));
  const script = { type: 'text/javascript; charset=utf-8' };
  const built = { ...script, immutable: true, br: true, gzip: true };
  await put(
    'files.json',
    JSON.stringify({
      build: 'b-20261128',
      files: [
        { path: '/assets/index-4f2a.js', file: 'assets/index-4f2a.js', ...built },
        { path: '/assets/index-0b1c.js', file: 'previous/assets/index-0b1c.js', ...built },
        { path: '/assets/logo-77aa.png', file: 'assets/logo-77aa.png', type: 'image/png', immutable: true },
        { path: '/sw.js', file: 'sw.js', ...script },
        { path: '/not-found.html', file: 'not-found.html', type: 'text/html; charset=utf-8' },
      ],
      pages: [
        { path: '/', file: 'index.html' },
        { path: '/keys', file: 'app.html' },
        { path: '/admin/healing/incidents/:id', file: 'app.html' },
        { path: '/health', file: 'app.html' },
      ],
      ...list,
    }),
  );
  return directory;
}
