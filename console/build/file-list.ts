import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import { compressFile } from './compress.ts';

/** One file that may be served, as in `files.json`. */
export interface ListedFile {
  readonly path: string;
  readonly file: string;
  readonly type: string;
  readonly immutable: boolean;
  readonly br: boolean;
  readonly gzip: boolean;
  /** The build that first had the file. */
  readonly build: string;
}

export interface FileList {
  readonly build: string;
  readonly files: readonly ListedFile[];
  readonly pages: readonly { readonly path: string; readonly file: string }[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.webmanifest': 'application/manifest+json',
};
const ALREADY_COMPRESSED = new Set(['.png', '.webp']);

/**
 * Compresses and lists every file of a folder that may be served. A file of an unknown type ends the build.
 */
export async function listFiles(folder: string, build: string): Promise<ListedFile[]> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.(map|br|gz)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== 'manifest.json')
    .sort();
  return Promise.all(
    names.map(async (file) => {
      const extension = extname(file);
      const type = TYPES[extension];
      if (!type) throw new Error(`${file}: no content type is known for it (console/build/file-list.ts)`);
      const kept = ALREADY_COMPRESSED.has(extension)
        ? { br: false, gzip: false }
        : await compressFile(join(folder, file));
      return { path: `/${file}`, file, type, immutable: file.startsWith('assets/'), ...kept, build };
    }),
  );
}

/** Keeps the assets of the build before, so that its open pages can still load their parts. */
export async function keepBefore(
  before: string,
  folder: string,
  now: readonly ListedFile[],
): Promise<ListedFile[]> {
  const list = await readList(before);
  if (!list) return [];
  const known = new Set(now.map(({ file }) => file));
  const kept = list.files.filter(
    ({ file, immutable, build }) => immutable && build === list.build && !known.has(file),
  );
  await Promise.all(
    kept.map(async ({ file, br, gzip }) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      for (const end of ['', ...(br ? ['.br'] : []), ...(gzip ? ['.gz'] : [])])
        await copyFile(join(before, file + end), join(folder, file + end));
    }),
  );
  return kept;
}

/** The list of a built folder; null when there is no readable one. */
export async function readList(folder: string): Promise<FileList | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'files.json'), 'utf8')) as FileList;
  } catch {
    return null;
  }
}
