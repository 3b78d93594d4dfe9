/**
 * Builds the console into `dist/`: the application, the worker, the static pages, their compressed forms, and
 * `files.json`, the closed list of files that may be served. Does nothing when no input has changed;
 * `--force` builds all the same. Run by Node 24 with `--conditions=source`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle } from 'vite';
import { keepBefore, listFiles, readList } from './build/file-list.ts';
import { buildIdOf } from './build/inputs.ts';
import { PAGES } from './src/pages.ts';
import { applicationConfig, workerConfig } from './vite.config.ts';

// Overrides the caller's environment: a test's or a developer's one would build React for development, half
// as large again.
process.env.NODE_ENV = 'production';
const here = import.meta.dirname;
const dist = join(here, 'dist');
const next = join(here, 'dist.next');
const startedAt = performance.now();
const build = buildIdOf(join(here, '..'));

const before = await readList(dist);
if (before?.build === build && !process.argv.includes('--force')) {
  process.stdout.write(`  the console is up to date (build ${build})\n`);
  process.exit(0);
}

await rm(next, { recursive: true, force: true });
await mkdir(next, { recursive: true });
await bundle(applicationConfig(next, build));

/** Maps the source of a built file, such as `src/main.tsx`, to its address. */
const manifest = JSON.parse(await readFile(join(next, 'manifest.json'), 'utf8'));
const assets = Object.fromEntries(Object.entries(manifest).map(([source, { file }]) => [source, `/${file}`]));
const scripts = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]);
const shell = [
  '/app.html',
  ...new Set(scripts.filter((file) => /\.(js|css)$/.test(file)).map((file) => `/${file}`)),
];

const appPages = PAGES.map(({ path }) => ({ path, file: 'app.html' }));
const staticBuild = join(here, 'static', 'build-pages.ts');
const staticPages = existsSync(staticBuild)
  ? await (await import(staticBuild)).buildPages({ out: next, assets, build })
  : [];
if (existsSync(join(next, 'offline.html'))) shell.push('/offline.html');

await bundle(
  workerConfig(next, { __BUILD__: build, __SHELL__: shell, __PAGES__: appPages.map(({ path }) => path) }),
);

const files = await listFiles(next, build);
const kept = await keepBefore(dist, next, files);
const list = { build, files: [...files, ...kept], pages: [...staticPages, ...appPages] };
await writeFile(join(next, 'files.json'), JSON.stringify(list, null, 1));
await rm(dist, { recursive: true, force: true });
await rename(next, dist);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
process.stdout.write(
  `  built the console in ${seconds} s: ${files.length} files, ${list.pages.length} pages, ${kept.length} files kept of the build before (build ${build})\n`,
);
