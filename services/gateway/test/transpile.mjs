import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Transpiles the service from its sources, decorators included, so that a test needs no build. Specs start many
// gateways: what was transpiled is kept by its content.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const kept = join(root, 'node_modules', '.cache', 'transpiled');
const swc = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
delete swc.$schema;
delete swc.exclude;
swc.jsc.rewriteRelativeImportExtensions = false;
const settings = JSON.stringify(swc);
const require = createRequire(import.meta.url);
mkdirSync(kept, { recursive: true });

function transpile(filename) {
  const source = readFileSync(filename, 'utf8');
  const name = createHash('sha256').update(`${settings}\0${filename}\0${source}`).digest('base64url');
  const file = join(kept, `${name}.js`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { transformSync } = require('@swc/core');
  const { code } = transformSync(source, { ...swc, swcrc: false, filename, sourceMaps: 'inline' });
  // In one step: another gateway may read it meanwhile.
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return code;
}

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    return { format: 'module', shortCircuit: true, source: transpile(fileURLToPath(url)) };
  },
});
