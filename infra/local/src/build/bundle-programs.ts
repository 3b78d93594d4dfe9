import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Plugin, rolldown } from 'rolldown';

/**
 * Bundles compiled programs with the packages that they use. Reads `{ entries, folder }` as JSON from stdin: by name the
 * compiled file of each program, relative to the clone, and the folder for the bundles. A process of its own, so
 * that the bundler's memory is freed at its end.
 */
const root = process.argv[2] ?? process.cwd();
const { entries, folder }: { entries: Record<string, string>; folder: string } = JSON.parse(
  await text(process.stdin),
);

/** Packages with native code find it beside themselves. */
const NATIVE = /^@node-rs\//;
/** Nest and TypeORM try to import packages that only some of their users have. */
const OPTIONAL_MISSING = 'UNRESOLVED_IMPORT';
const PACKAGES = 'packages';

/** Stack traces show our TypeScript. Maps of packages would cost each process 13 MB. */
const ownSourceMaps: Plugin = {
  name: 'own-source-maps',
  load: {
    filter: { id: /\.[cm]?js$/ },
    handler(id) {
      const code = readFileSync(id, 'utf8');
      if (id.includes(`${sep}node_modules${sep}`))
        return { code, map: { version: 3, sources: [], names: [], mappings: '' } };
      return { code, map: readFileSync(`${id}.map`, 'utf8') };
    },
  },
};

/** V8 keeps a script with one character beyond Latin-1 in twice the memory. */
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

try {
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
    platform: 'node',
    external: (id) => NATIVE.test(id),
    plugins: [ownSourceMaps],
    onLog: (level, log) => {
      if (level !== 'info' && log.code !== OPTIONAL_MISSING) process.stderr.write(`${log.message}\n`);
    },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Each program loads the packages that it needs, and no others.
    codeSplitting: { groups: [{ name: PACKAGES, test: /[\\/]node_modules[\\/]/, entriesAware: true }] },
    sourcemap: true,
    sourcemapExcludeSources: true,
    // Nest, TypeORM and reflect-metadata rely on the order of their imports and on the names of classes.
    strictExecutionOrder: true,
    keepNames: true,
    // Comments and white space are a third of the text, which each process keeps in memory.
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  });
  // Packages have no map: Node would read an empty one, and count the lines of the text for it.
  for (const { name, fileName } of output) {
    if (!name?.startsWith(PACKAGES) || !fileName.endsWith('.js')) continue;
    const path = join(folder, fileName);
    const code = readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
    writeFileSync(path, code.replace(/[\u0100-\uffff]/g, escaped));
    rmSync(`${path}.map`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
