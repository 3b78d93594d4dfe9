import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A package of the workspace that is compiled, and the hash of everything its output depends on. */
export interface PackageSources {
  /** Relative to the clone: `libs/bus`. */
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** Whether the output leaves out the leading `src/`, as libraries do. */
  readonly stripLeading: boolean;
  readonly hash: string;
}

/** The path of a source file's output, relative to the package. */
export function outputOf(sources: PackageSources, file: string): string {
  const path = sources.stripLeading ? file.replace(/^[^/]+\//, '') : file;
  return join('dist', path.replace(/\.ts$/, '.js'));
}

/** All packages below libs/ and services/ with their sources, hashed by content. Tens of milliseconds. */
export function findPackages(root: string): PackageSources[] {
  const common = [
    readFileSync(join(root, '.swcrc')),
    readFileSync(join(root, 'node_modules/@swc/core/package.json')),
  ];
  return ['libs', 'services'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, group, entry.name, 'package.json')))
      .map((entry) => readPackage(root, join(group, entry.name), common)),
  );
}

function readPackage(root: string, folder: string, common: Buffer[]): PackageSources {
  const script: string =
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts?.build ?? '';
  const files = ['src', 'migrations'].flatMap((part) =>
    listSources(join(root, folder, part), join(root, folder)),
  );
  const hash = createHash('sha256').update(script);
  for (const buffer of common) hash.update(buffer);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, folder, file)));
  return { folder, files, stripLeading: script.includes('--strip-leading-paths'), hash: hash.digest('hex') };
}

function listSources(folder: string, base: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.(spec|e2e-spec|d)\.ts$/.test(file))
    .map((file) => relative(base, join(folder, file)))
    .sort();
}

/**
 * Size and time of each output, so that outputs that another program wrote or deleted are detected; '' when
 * one is missing.
 */
export function describeOutputs(root: string, sources: PackageSources): string {
  try {
    return sources.files
      .map((file) => statSync(join(root, sources.folder, outputOf(sources, file))))
      .map(({ size, mtimeMs }) => `${size}@${mtimeMs}`)
      .join(' ');
  } catch {
    return '';
  }
}
