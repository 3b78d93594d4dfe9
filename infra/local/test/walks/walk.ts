/**
 * `npm run walk -- sso` and `npm run walk -- passkey`: from a new partner to the first call; `npm run walk -- invoice`: to a paid invoice. By
 * the requests that the console makes, each printed. Starts a portal of its own beside the one that may run, in a folder that is deleted at the end.
 */
import { walkToInvoice } from './walk-to-invoice.ts';
import { walkWithPasskey } from './walk-with-passkey.ts';
import { walkWithSso } from './walk-with-sso.ts';

const WALKS: Readonly<Record<string, (say: (text: string) => void) => Promise<void>>> = {
  sso: walkWithSso,
  passkey: walkWithPasskey,
  invoice: walkToInvoice,
};

const walk = WALKS[process.argv[2] ?? ''];
if (!walk) {
  process.stderr.write(`usage: npm run walk -- ${Object.keys(WALKS).join('|')}\n`);
  process.exit(2);
}
try {
  await walk((text) => void process.stdout.write(`${text}\n`));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
