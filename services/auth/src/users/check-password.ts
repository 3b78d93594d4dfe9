import { AppError, type ErrorDefinition } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { LoginThrottle } from '../throttling/login-throttle.ts';
import { PasswordHasher } from './password-hasher.ts';
import type { User } from './user.ts';

/** Checks the password of a person who is logged in. Guesses at it count like log-ins. */
@Injectable()
export class CheckPassword {
  constructor(
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
  ) {}

  /** Rejects with the refusal for a wrong password, with `AUTH.TOO_MANY_LOGINS` after too many. */
  async check(
    user: User,
    password: string,
    clientIp: string | undefined,
    refusal: ErrorDefinition,
  ): Promise<void> {
    const attempt = await this.throttle.admit(user.email, clientIp, true);
    const right = await this.passwords.verify(user.password_hash, password).catch(async (error: unknown) => {
      await attempt.takeBack();
      throw error;
    });
    if (!right) throw new AppError(refusal);
    await attempt.succeeded();
  }
}
