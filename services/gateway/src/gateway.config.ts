import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { httpConfig, sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';
import { LIST_NAME, NO_CONSOLE } from './console/console-list.ts';
import { scannerKeysSchema } from './leaked-keys/scanner-keys.ts';

const quota = (calls: number) => z.coerce.number().int().min(1).default(calls);

const journalDir = z
  .string()
  .min(1)
  .describe('folder for metered calls that billing has not taken yet; must survive a restart');

/**
 * The folder where the build of this repository puts the console, which is somewhere above this code. `none` when it
 * does not exist.
 */
function builtConsole(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const directory = join(folder, 'console', 'dist');
    if (existsSync(join(directory, LIST_NAME))) return directory;
    if (folder === dirname(folder)) return NO_CONSOLE;
  }
}

/** The environment of the gateway. */
export const gatewayConfig = sharedConfig.extend({
  ...httpConfig,
  SIGNING_KEY: z.string().min(32).describe('at least 32 characters, random; signs who is calling'),
  GATEWAY_REQUEST_DEADLINE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(30_000)
    .default(2000)
    .describe('milliseconds after which the response is 503'),
  GATEWAY_MAX_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(1)
    .default(1000)
    .describe('calls worked on at once; more are refused at once with 503, so that these end in time'),
  GATEWAY_MAX_OPEN_PER_CALLER: z.coerce
    .number()
    .int()
    .min(1)
    .default(250)
    .describe('open requests of one credential, or of one network address without one; more get 429'),
  GATEWAY_MAX_CONNECTIONS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1500)
    .describe('open connections of one network address; more are closed. Trusted proxies are not bounded'),
  // High on purpose: the plans have the limits of partners, these only protect the machine.
  GATEWAY_LIMIT_BURST: quota(1_200_000).describe(
    'calls a minute for one partner at most, whatever its plan says; also for one person without a partner',
  ),
  GATEWAY_LIMIT_DAILY: quota(100_000_000).describe('the same, a day'),
  GATEWAY_LIMIT_ADDRESS_BURST: quota(600).describe(
    'calls a minute without a credential, and as many with a refused one, from one network address',
  ),
  GATEWAY_LIMIT_ADDRESS_DAILY: quota(50_000).describe('the same, a day'),
  // An office behind one address: two hundred people who open the console for the first time in one minute.
  GATEWAY_LIMIT_FILES_BURST: quota(12_000).describe(
    'pages of the console and their files a minute, for one network address',
  ),
  GATEWAY_LIMIT_FILES_DAILY: quota(1_000_000).describe('the same, a day'),
  GATEWAY_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])))
    .describe('addresses and CIDR ranges of proxies whose X-Forwarded-For is trusted, separated by commas'),
  GATEWAY_SCANNER_KEYS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(scannerKeysSchema)
    .optional()
    .describe(
      'public keys of the secret scanner that may report leaked keys, as JSON: {"public_keys":[{"key_identifier","key"}]}',
    ),
  GATEWAY_SCANNER_KEYS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'address of that document; GitHub publishes it at https://api.github.com/meta/public_keys/secret_scanning',
    ),
  // The journal holds money, and a temporary folder may be emptied at any time: in production this folder must
  // be set.
  GATEWAY_JOURNAL_DIR:
    process.env.NODE_ENV === 'production'
      ? journalDir
      : journalDir.default(join(tmpdir(), 'gridworks-gateway')),
  GATEWAY_JOURNAL_SYNC: z
    .stringbool()
    .default(false)
    .describe('force each group of metered calls to the disk before the response: survives a power cut'),
  GATEWAY_JOURNAL_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1 << 20)
    .default(1 << 30)
    .describe('above so many bytes that wait for the bus, metered calls are refused with 503'),
  GATEWAY_STREAM_HEARTBEAT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(15_000)
    .describe('milliseconds between the heartbeats of an event stream'),
  GATEWAY_CONSOLE_DIR: z
    .string()
    .default(builtConsole)
    .describe('folder of the built console, which has a files.json; `none` for a gateway without pages'),
  GATEWAY_SLOW_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1000)
    .describe('requests that take longer than so many milliseconds are logged'),
});
export type GatewayConfig = z.output<typeof gatewayConfig>;
