import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All inputs of the built files, relative to the root of the repository. */
const INPUTS = [
  'console/{src,static,public,build}/**/*',
  'console/{app.html,build.mjs,vite.config.ts,package.json}',
  'docs/{guides/**/*,SCORECARD}.md',
  'services/gateway/src/{live,openapi,problems,routing}/**/*.ts',
  'sdks/javascript/src/**/*.ts',
  'libs/resilience/src/**/*.ts',
  'libs/contracts/src/**/*.ts',
  'package-lock.json',
];

/** The id of a build, which changes whenever an input changes. Takes tens of milliseconds. */
export function buildIdOf(root: string): string {
  const hash = createHash('sha256');
  const files = globSync(INPUTS, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(e2e-)?spec\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
