import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const MOST_GZIPPED_BYTES = 12 * 1024;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'gridworks-sdk-'));

/** An entry and all its imports. */
function filesOf(entry: string, seen = new Set<string>()): string[] {
  if (seen.has(entry)) return [...seen];
  seen.add(entry);
  for (const [, next] of readFileSync(join(folder, entry), 'utf8').matchAll(/["']\.\/([^"']+)["']/g))
    filesOf(next!, seen);
  return [...seen];
}

describe('the built package', () => {
  // Jest's own module loader does not run the bundler's native part.
  beforeAll(() => {
    const program = `await (await import(${JSON.stringify(pathToFileURL(join(root, 'bundle.ts')).href)})).bundleTo(${JSON.stringify(folder)})`;
    execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], { cwd: root });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is at most 12 kB, gzipped, in its browser entry', () => {
    const text = filesOf('index.js')
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
    expect(gzipSync(text, { level: 9 }).byteLength).toBeLessThanOrEqual(MOST_GZIPPED_BYTES);
  });

  it('imports only its own files in its browser entry, and only Node’s own modules in the other', () => {
    const imports = (entry: string) =>
      filesOf(entry).flatMap((file) =>
        [
          ...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import)\s*["']([^."'][^"']*)["']/g),
        ].map(([, name]) => name),
      );
    expect(imports('index.js')).toEqual([]);
    expect(imports('node.js')).toEqual(['node:crypto']);
  });

  it('exports the names in its README, and runs', () => {
    const program = `const { Portal, PortalError, verifyWebhook } = await import(${JSON.stringify(pathToFileURL(join(folder, 'node.js')).href)});
      const portal = new Portal({ baseUrl: 'http://127.0.0.1:9', credential: 'x', retries: 0 });
      const error = await portal.tickets.list().then(() => null, (thrown) => thrown);
      console.log(JSON.stringify([error instanceof PortalError, error.code, typeof verifyWebhook, typeof portal.admin.incidents.get]))`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual([true, 'CLIENT.CONNECTION_FAILED', 'function', 'function']);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['index.js', 'node.js']));
  });
});
