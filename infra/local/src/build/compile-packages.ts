import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { transform } from '@swc/core';
import { outputOf, type PackageSources } from './package-sources.ts';

/**
 * Compiles the packages that come as JSON on stdin. A process of its own, so that the compiler's memory is
 * freed at its end.
 */
const root = process.argv[2] ?? process.cwd();
const packages: PackageSources[] = JSON.parse(await text(process.stdin));
const { $schema, exclude, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));

async function compileFile(sources: PackageSources, file: string): Promise<void> {
  const filename = join(root, sources.folder, file);
  const output = join(root, sources.folder, outputOf(sources, file));
  const { code, map } = await transform(readFileSync(filename, 'utf8'), {
    ...options,
    swcrc: false,
    filename,
    sourceFileName: relative(dirname(output), filename),
  });
  mkdirSync(dirname(output), { recursive: true });
  const name = output.slice(output.lastIndexOf('/') + 1);
  writeFileSync(output, map ? `${code}\n//# sourceMappingURL=${name}.map\n` : code);
  if (map) writeFileSync(`${output}.map`, map);
}

try {
  for (const sources of packages) {
    // Outputs of deleted sources must not remain: migrations are found by listing the folder.
    rmSync(join(root, sources.folder, 'dist'), { recursive: true, force: true });
    await Promise.all(sources.files.map((file) => compileFile(sources, file)));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
