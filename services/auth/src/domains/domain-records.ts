import { Resolver } from 'node:dns/promises';
import { AppError, UNAVAILABLE } from '@gridworks/contracts';
import { withSelfHealing } from '@gridworks/resilience';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';

/** From the environment. */
interface DnsConfig {
  readonly AUTH_DNS_SERVERS?: readonly string[] | undefined;
}

const ATTEMPT_MS = 1500;
const DEADLINE_MS = 4000;
/** Answers of the DNS that say: there is no such record. */
const NO_RECORD: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA']);

/** Reads TXT records from the DNS. */
@Injectable()
export class DomainRecords {
  readonly #resolver = new Resolver({ timeout: ATTEMPT_MS, tries: 1 });
  readonly #resolve = withSelfHealing((name: string) => this.#ask(name), {
    source: 'auth.dns.resolve-txt',
    category: 'api',
    dependencyName: 'dns',
    idempotent: true,
    attemptMs: ATTEMPT_MS,
    deadlineMs: DEADLINE_MS,
    retry: { attempts: 1 },
    // The name server of one domain may be silent. A breaker would then refuse to look at all others.
    breaker: false,
  });

  constructor(@Inject(CONFIG) { AUTH_DNS_SERVERS: servers }: DnsConfig) {
    if (servers) this.#resolver.setServers(servers);
  }

  /** The texts of a TXT record; empty when there is none. Throws `PLATFORM.UNAVAILABLE` when nobody answers. */
  async texts(name: string): Promise<string[]> {
    try {
      return await this.#resolve(name);
    } catch (cause) {
      throw new AppError(UNAVAILABLE, {
        detail: `The name servers do not answer about ${name}. Try again in a minute.`,
        retryAfterMs: 60_000,
        cause,
      });
    }
  }

  /** Long texts come in parts of 255 bytes, which belong together (RFC 7208, 3.3). */
  async #ask(name: string): Promise<string[]> {
    try {
      return (await this.#resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (NO_RECORD.has((error as { code?: unknown }).code)) return [];
      throw error;
    }
  }
}
