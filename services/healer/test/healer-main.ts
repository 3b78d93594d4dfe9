import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { publicKeyOf } from '@gridworks/bus';
import { endWithTest, eventually } from '@gridworks/testing';
import { SIGNING_KEY } from './fake-instance.ts';
import type { HealerFixture } from './healer-fixture.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The healer as `main.ts` starts it, in a process of its own. Resolves when it serves requests. */
export async function spawnHealer(fixture: HealerFixture, databaseUrl: string): Promise<ChildProcess> {
  const { user, password } = fixture.nats.credentials('healer');
  const transpile = path('../../gateway/test/transpile.mjs');
  const child = endWithTest(
    spawn(
      process.execPath,
      ['--conditions=source', '--no-warnings', '--import', transpile, path('../src/main.ts')],
      {
        env: {
          PATH: process.env.PATH,
          NATS_URL: fixture.nats.url,
          NATS_USER: user,
          NATS_PASSWORD: password,
          DATABASE_URL: databaseUrl,
          SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY),
          PLATFORM_SOCKET: fixture.platform.socketPath,
          PLATFORM_TOKEN: fixture.platform.token,
          SMTP_URL: fixture.smtp.url,
          ADMIN_EMAILS: 'admin@gridworks.example',
          HEALER_STATE_DIR: fixture.stateDir,
          PORT: '0',
          LOG_LEVEL: 'info',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ),
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
  await eventually(
    () => {
      if (!output.includes('"service.started"')) throw new Error(`the healer has not started:\n${output}`);
    },
    { timeoutMs: 30_000 },
  );
  return child;
}
