import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { WorkGate } from './work-gate.ts';

/** Argon2id (the library's default variant): memory in KiB, passes, lanes. OWASP's minimum. */
const PASSWORD_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

// Hash of a password that no user has, at the same cost: an unknown address takes as long as a wrong
// password.
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ShhViiftpzfW/z6zN6xWtg$6uaa9mTLXKypOVAbjP5fPWt03RiQvGg806xZnmvs6s0';

// Two of libuv's four threads, so that a flood of log-ins leaves threads to name look-ups and files. A
// request has two seconds in all: a hash that has not begun after one second would end too late.
const LIMITS = { running: 2, waiting: 64, waitMs: 1000 };

/** Hashes and checks passwords off the event loop, a few at a time. */
@Injectable()
export class PasswordHasher {
  readonly #gate = new WorkGate(LIMITS);

  /**
   * Returns a PHC string with its own random salt. Throws `PLATFORM.UNAVAILABLE` when too many hashes are
   * under way.
   */
  hash(password: string): Promise<string> {
    return this.#gate.run(() => hash(normalise(password), PASSWORD_COST));
  }

  /**
   * Whether the password is right. `stored` is null for an unknown user: the result is false, after the usual
   * time.
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const right = await this.#gate.run(() => verify(stored ?? NOBODYS_HASH, normalise(password)));
    return right && stored !== null;
  }
}

/** Normalises the text: another system may compose the same characters differently. */
function normalise(password: string): string {
  return password.normalize('NFKC');
}
