import { AppError, UNAVAILABLE } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id (the library's default variant): memory in KiB, passes, lanes. OWASP's minimum. */
export const PASSWORD_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

// Hash of a password that nobody has, at the same cost: an unknown address takes as long as a wrong password.
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ShhViiftpzfW/z6zN6xWtg$6uaa9mTLXKypOVAbjP5fPWt03RiQvGg806xZnmvs6s0';

// Two of libuv's four threads, so that a flood of log-ins leaves name look-ups and files their share.
const maxRunning = 2;
// At 10 to 30 ms each, what waits longer than this would miss its deadline anyway.
const maxWaiting = 64;

/** Hashes and checks passwords off the event loop, a few at a time. */
@Injectable()
export class PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** A PHC string with its own random salt. Throws `PLATFORM.UNAVAILABLE` when too many wait already. */
  hash(password: string): Promise<string> {
    return this.#gated(() => hash(normalise(password), PASSWORD_COST));
  }

  /** Whether the password is right. `stored` is null for an unknown user: false, after the usual time. */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const right = await this.#gated(() => verify(stored ?? NOBODYS_HASH, normalise(password)));
    return right && stored !== null;
  }

  async #gated<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= maxRunning) {
      if (this.#waiting.length >= maxWaiting)
        throw new AppError(UNAVAILABLE, { detail: 'Too many people are logging in.', retryAfterMs: 1000 });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      // The slot goes to the next in line directly; nobody can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** The same characters typed on another system may be composed otherwise. */
function normalise(password: string): string {
  return password.normalize('NFKC');
}
