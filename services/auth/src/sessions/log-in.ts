import { AppError, LOGIN_REFUSED } from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Injectable } from '@nestjs/common';
import { DemandSecondFactor } from '../second-factors/demand-second-factor.ts';
import { LoginThrottle } from '../throttling/login-throttle.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';

export interface LoginInput {
  /** In lower case. */
  readonly email: string;
  readonly password: string;
  readonly client_ip?: string | undefined;
}

/** Checks email and password, for every kind of session. */
@Injectable()
export class LogIn {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly secondFactor: DemandSecondFactor,
  ) {}

  /**
   * Returns the user with this address and password. An unknown address and a wrong password are
   * indistinguishable: same error, same time. Rejects with `AUTH.LOGIN_REFUSED`, `AUTH.TOO_MANY_LOGINS`, or, only when
   * the password is right, `AUTH.SECOND_FACTOR_REQUIRED`.
   */
  async userOf({ email, password, client_ip }: LoginInput): Promise<User> {
    // The look-up comes first: while the database is away, no attempt is counted.
    const { user, isKnownNetwork } = await this.users.findForLogIn(email, client_ip);
    if (user) noteAct({ partner_id: user.last_partner_id, actor_id: user.id });
    const attempt = await this.throttle.admit(email, client_ip, isKnownNetwork);
    const right = await this.passwords
      .verify(user?.password_hash ?? null, password)
      .catch(async (error: unknown) => {
        await attempt.takeBack();
        throw error;
      });
    if (!user || !right) throw new AppError(LOGIN_REFUSED);
    await attempt.succeeded();
    await this.secondFactor.of(user.id);
    return user;
  }
}
