/**
 * Writes the table of routes in services/gateway/README.md from the contracts. `--check` writes nothing and ends with 1
 * when the table is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  PERMISSIONS,
  PUBLIC_REQUESTS,
  type PublicAccess,
  type PublicRequestContract,
  ruleOf,
} from '@gridworks/contracts';

const BEGIN = '<!-- routes: written by infra/docs/render-routes.ts -->';
const END = '<!-- /routes -->';
const file = new URL('../../services/gateway/README.md', import.meta.url);

function holders(access: PublicAccess): string {
  if (access === 'public') return 'everybody';
  const { roles, keyScopes, anonymous } = ruleOf(access);
  const keys = keyScopes.length > 1 ? ['key'] : keyScopes.map((scope) => `${scope} key`);
  return [...(anonymous ? ['everybody'] : []), ...roles, ...keys].join(', ');
}

function row({ http, permission, summary }: PublicRequestContract): string {
  return `| \`${http.method} ${http.path}\` | ${summary} | \`${permission}\` | ${holders(permission)} |`;
}

const order: readonly string[] = ['public', ...Object.keys(PERMISSIONS)];
const rank = ({ permission }: PublicRequestContract): number => order.indexOf(permission);
const table = [
  '| route | what | permission | who |',
  '|---|---|---|---|',
  ...PUBLIC_REQUESTS.toSorted((a, b) => rank(a) - rank(b)).map(row),
].join('\n');

const text = readFileSync(file, 'utf8');
const [before, rest] = text.split(BEGIN);
const after = rest?.split(END)[1];
if (before === undefined || after === undefined)
  throw new Error(`the marks of the table are missing in ${file.pathname}`);
const wanted = `${before}${BEGIN}\n${table}\n${END}${after}`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (text !== wanted) {
  console.error(
    'services/gateway/README.md does not follow the contracts: run node --conditions=source infra/docs/render-routes.ts',
  );
  process.exit(1);
}
