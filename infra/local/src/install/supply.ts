import { SERVER_PROGRAMS } from './find-servers.ts';

/** The relevant part of a package-lock.json (version 3): packages by their folder. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}
interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages that a lock file lacks although a package in it depends on them; `npm ci` refuses such a file.
 * Optional packages of other systems count, since npm leaves them out when a registry or an installed tree
 * does not have them.
 */
export function missingFromLock({ packages }: LockFile): string[] {
  const missing: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    const isOurs = !path.includes('node_modules/');
    const wanted = {
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...(isOurs ? entry.devDependencies : {}),
    };
    for (const name of Object.keys(wanted)) {
      if (!foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages)) {
        missing.push(`${name}, which ${path === '' ? 'the root' : path} depends on`);
      }
    }
  }
  return missing;
}

/**
 * A folder and all folders above it, each with a slash at its end, in the order in which Node searches
 * packages: `a/b/`, `a/`, ''.
 */
function foldersAbove(path: string): string[] {
  const parts = path === '' ? [] : path.split('/');
  return Array.from({ length: parts.length + 1 }, (_, cut) =>
    parts
      .slice(0, parts.length - cut)
      .map((part) => `${part}/`)
      .join(''),
  );
}

/** The oldest versions without known vulnerabilities that matter here; SECURITY.md lists those. */
const LEAST_VERSIONS: Readonly<Record<string, string>> = {
  nats: '2.12.12',
  postgres: '18.7',
  redis: '7.4.11',
  node: '24.22.1',
};
/** PostgreSQL has had two numbers since version 10. */
const PARTS: Readonly<Record<string, number>> = { postgres: 2 };

/** Images that a file runs or builds on. `${NAME}` of a Dockerfile's ARG is replaced by its value. */
export function imagesIn(text: string): string[] {
  const args = new Map([...text.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
  const named = text.matchAll(/^(?:\s+image:|FROM|COPY --from=(?=\S*[:/])|# syntax=)\s*['"]?([^\s'"]+)/gm);
  const stages = new Set([...text.matchAll(/^FROM \S+ AS (\S+)$/gim)].map(([, stage]) => stage));
  return [...named]
    .map(([, image = '']) => image.replace(/\$\{(\w+)\}/g, (whole, name) => args.get(name) ?? whole))
    .filter((image) => !stages.has(image));
}

/** The images that `npm start` runs where no server is installed. */
export const LOCAL_IMAGES: readonly string[] = Object.values(SERVER_PROGRAMS).map(({ image }) => image);

/** The problem with the version of an image; null when there is none. A digest counts as a version. */
export function faultOfImage(image: string): string | null {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return null;
  const [, path = image, tag = ''] = /^(.*?)(?::([^/]*))?$/.exec(image) ?? [];
  const name = path.split('/').at(-1) ?? path;
  const version = /^v?(\d+(?:\.\d+)*)(?:-|$)/.exec(tag)?.[1]?.split('.').map(Number) ?? [];
  if (version.length < (PARTS[name] ?? 3)) return `${image} has no pinned version`;
  const least = LEAST_VERSIONS[name];
  return least && isOlder(version, least.split('.').map(Number)) ? `${image} is older than ${least}` : null;
}

function isOlder(version: readonly number[], least: readonly number[]): boolean {
  for (const [part, number] of least.entries()) {
    if (version[part] !== number) return (version[part] ?? 0) < number;
  }
  return false;
}
