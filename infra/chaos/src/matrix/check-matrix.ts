import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GATEWAY_PAGES } from './gateway-pages.ts';
import { isForPartners, MATRIX_ROUTES, nameOf } from './routes.ts';
import { VICTIM_KINDS, WITHOUT_VICTIM } from './victim.ts';

/** A step of `npm run check`: nothing that the gateway serves is missing in the matrix of routes and callers. */
const gateway = fileURLToPath(new URL('../../../../services/gateway/src/', import.meta.url));
const problems: string[] = [];

const listed = new Map(
  GATEWAY_PAGES.map(({ file, base = '', routes }) => [
    file,
    new Set(routes.map(({ path }) => path.slice(base.length))),
  ]),
);
const bases = new Set(GATEWAY_PAGES.map(({ base }) => base));
for (const file of readdirSync(gateway, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || file === 'routing/route-declaration.ts') continue;
  const text = readFileSync(`${gateway}${file}`, 'utf8');
  if (!/\bdefinePage\(|\w+Page\('/.test(text)) continue;
  const paths = listed.get(file);
  listed.delete(file);
  // Every text in such a file that looks like an address is one.
  const declared = [...text.matchAll(/'(\/[\w.:/-]*)'/g)].map(([, path]) => path ?? '');
  if (!paths) problems.push(`services/gateway/src/${file} declares pages that the matrix does not have`);
  for (const path of declared)
    if (paths && !paths.has(path) && !bases.has(path))
      problems.push(`services/gateway/src/${file}: the matrix does not have ${path}`);
}
if (problems.length > 0) problems.push('Add them to infra/chaos/src/matrix/gateway-pages.ts.');
for (const file of listed.keys())
  problems.push(`services/gateway/src/${file} is gone: remove it from the matrix`);

const known: ReadonlySet<string> = new Set([...VICTIM_KINDS, ...Object.keys(WITHOUT_VICTIM)]);
for (const route of MATRIX_ROUTES.filter(isForPartners))
  for (const { kind, path } of route.positions)
    if (!known.has(kind))
      problems.push(
        `${nameOf(route)}: nobody has a ${kind} that ${path.join('.')} could name: add one to infra/chaos/src/matrix/victim.ts`,
      );

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
