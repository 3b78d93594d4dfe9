import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GATEWAY_PAGES } from './gateway-pages.ts';
import { isForPartners, MATRIX_ROUTES, nameOf } from './routes.ts';
import { VICTIM_KINDS, WITHOUT_VICTIM } from './victim.ts';

/** A step of `npm run check`: nothing that the gateway serves is missing in the matrix of routes and callers. */
const gateway = fileURLToPath(new URL('../../../../services/gateway/src/', import.meta.url));
const problems: string[] = [];

const listed = new Map(GATEWAY_PAGES.map(({ file, declarations }) => [file, declarations]));
for (const file of readdirSync(gateway, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || file === 'routing/route-declaration.ts') continue;
  const found = readFileSync(`${gateway}${file}`, 'utf8').split(/\bdefinePage\(/).length - 1;
  if (found !== (listed.get(file) ?? 0))
    problems.push(
      `services/gateway/src/${file} declares ${found} pages, the matrix has ${listed.get(file) ?? 0}: add them to infra/chaos/src/matrix/gateway-pages.ts`,
    );
  listed.delete(file);
}
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
