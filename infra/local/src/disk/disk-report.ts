import { lstat, readdir, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import { outsideFolder } from '../servers/postgres-home.ts';
import { diskFolders } from './disk-folders.ts';

/** A part of what takes the space of a disk. */
export interface DiskPart {
  readonly name: string;
  readonly bytes: number;
}

/** One file system that the portal uses, with what takes its space, the largest first. Bytes, as `df` counts. */
export interface DiskReport {
  /** The first of the portal's folders on it. */
  readonly folder: string;
  readonly used_bytes: number;
  readonly total_bytes: number;
  readonly parts: readonly DiskPart[];
}

/** More files are not counted: their part is what is left over. */
const MOST_FILES = 100_000;
/** So many parts are named. */
const MOST_PARTS = 8;

/** Every file system that holds a folder of the portal, the fullest first. */
export async function reportDisks(layout: Layout): Promise<DiskReport[]> {
  const byDevice = new Map<number, string>();
  for (const folder of diskFolders(layout)) {
    const found = await lstat(folder).catch(() => undefined);
    if (found && !byDevice.has(found.dev)) byDevice.set(found.dev, folder);
  }
  const parts = await portalParts(layout);
  const reports = await Promise.all(
    [...byDevice].map(async ([device, folder]): Promise<DiskReport> => {
      const { bavail, bfree, blocks, bsize } = await statfs(folder);
      const used = (blocks - bfree) * bsize;
      const ours = parts.filter((part) => part.device === device && part.bytes > 0);
      const rest = used - ours.reduce((sum, { bytes }) => sum + bytes, 0);
      const all = [...ours, { name: 'everything else on this disk', bytes: Math.max(0, rest) }];
      return {
        folder,
        used_bytes: used,
        total_bytes: used + bavail * bsize,
        parts: all
          .map(({ name, bytes }) => ({ name, bytes }))
          .sort((a, b) => b.bytes - a.bytes)
          .slice(0, MOST_PARTS),
      };
    }),
  );
  return reports.sort((a, b) => b.used_bytes / b.total_bytes - a.used_bytes / a.total_bytes);
}

/** Each entry of the portal's folder, by its name and device: what is not ours is named, too. */
async function portalParts(layout: Layout) {
  const left = { files: MOST_FILES };
  const names = await readdir(layout.local).catch(() => []);
  const paths = [...names.map((name) => join(layout.local, name)), outsideFolder(layout)];
  const parts: { name: string; device: number; bytes: number }[] = [];
  for (const path of paths) {
    const found = await lstat(path).catch(() => undefined);
    if (!found) continue;
    const name = path === outsideFolder(layout) ? 'postgres' : basename(path);
    const known = KNOWN(layout).includes(path);
    const bytes = await bytesIn(path, found.dev, left);
    parts.push({ name: known ? name : `${name} (not of the portal)`, device: found.dev, bytes });
  }
  return parts;
}

const KNOWN = (layout: Layout): string[] => [
  ...diskFolders(layout),
  ...[layout.secrets, layout.state, layout.lock, layout.reserve],
];

/** The space that a file or folder takes, without what links or other disks hold. */
async function bytesIn(path: string, device: number, left: { files: number }): Promise<number> {
  if (left.files-- <= 0) return 0;
  const found = await lstat(path).catch(() => undefined);
  if (!found || found.dev !== device) return 0;
  const own = found.blocks * 512;
  if (!found.isDirectory()) return own;
  let bytes = own;
  for (const name of await readdir(path).catch(() => []))
    bytes += await bytesIn(join(path, name), device, left);
  return bytes;
}
