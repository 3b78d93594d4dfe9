import { readFileSync } from 'node:fs';
import { type Layout, shortPath } from '../../../local/src/files/layout.ts';
import { DATABASE_NAME } from '../../../local/src/settings/addresses.ts';
import type { Environment } from '../../../local/src/settings/read-environment.ts';
import type { Settings } from '../../../local/src/settings/settings.ts';
import { isRunning } from '../../../local/src/supervise/process-tree.ts';
import { type ProcessEntry, readState } from '../../../local/src/supervise/state-file.ts';

/** There is no running portal to experiment on; the message says what to do. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
  readonly code = 'NOT_RUNNING';
}

/** The part of `.local/secrets.json` that chaos needs. */
interface Secrets {
  readonly admin_password: string;
  readonly auth_secret_key: string;
  readonly postgres_password: string;
  readonly database_passwords: Readonly<Record<string, string>>;
}

/** The portal that `npm start` runs from a clone. */
export class RunningSystem {
  readonly layout: Layout;
  readonly #settings: Settings;

  constructor({ layout, settings }: Environment) {
    this.layout = layout;
    this.#settings = settings;
  }

  /** Every process in the platform's present list. */
  processes(): ProcessEntry[] {
    return readState(this.layout.state);
  }

  process(name: string): ProcessEntry | undefined {
    return this.processes().find((entry) => entry.name === name);
  }

  /** Address of the gateway. */
  get url(): string {
    const port = this.process('gateway')?.ports[0];
    if (port === undefined) throw new NotRunningError('the gateway has no port: is the portal running?');
    return `http://127.0.0.1:${port}`;
  }

  /** The admin, who may read incidents and label a run. */
  get admin(): { email: string; password: string } {
    const { adminEmail, adminPassword } = this.#settings;
    return { email: adminEmail, password: adminPassword ?? this.#secrets().admin_password };
  }

  /** The keys with which auth seals what it must be able to read again. */
  get authSecretKeys(): Buffer[] {
    const keys = this.#settings.authSecretKeys ?? this.#secrets().auth_secret_key;
    return keys.split(',').map((key) => Buffer.from(key.trim(), 'hex'));
  }

  /** With SMTP_URL mails are sent to another server, where they cannot be read. */
  get mailsGoOut(): boolean {
    return this.#settings.smtpUrl !== undefined;
  }

  /** The portal's database as the superuser of PostgreSQL, whose password no service has. */
  get databaseUrl(): string {
    if (this.#settings.databaseUrl) return this.#settings.databaseUrl;
    const port = this.process('postgres')?.ports[0];
    if (port === undefined) throw new NotRunningError('PostgreSQL has no port: is the portal running?');
    return `postgres://postgres:${this.#secrets().postgres_password}@127.0.0.1:${port}/${DATABASE_NAME}`;
  }

  /** The portal's database under the role of a service. */
  databaseUrlOf(service: string): string {
    const url = new URL(this.databaseUrl);
    if (!this.#settings.databaseUrl) url.pathname = `/${DATABASE_NAME}`;
    url.username = service;
    url.password = this.#secrets().database_passwords[service] ?? '';
    return url.href;
  }

  /** @throws NotRunningError when not all processes are up. */
  assertUp(): void {
    const processes = this.processes();
    if (processes.length === 0) {
      throw new NotRunningError('the portal is not running: start it with npm start in another terminal');
    }
    const missing = processes.filter(({ pid }) => pid === null || !isRunning(pid)).map(({ name }) => name);
    if (missing.length === processes.length) {
      throw new NotRunningError('the portal has ended: start it with npm start in another terminal');
    }
    if (missing.length > 0) {
      throw new NotRunningError(
        `not everything is running: ${missing.join(', ')}; wait, or look into ${shortPath(this.layout, this.layout.logs)}`,
      );
    }
  }

  #secrets(): Secrets {
    return JSON.parse(readFileSync(this.layout.secrets, 'utf8')) as Secrets;
  }
}
