import { AppError, type LogInChallenge, SECOND_FACTOR_REQUIRED } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { ChallengeRepository } from './challenges/challenge.repository.ts';
import type { Challenge } from './challenges/challenge.ts';
import { WebAuthn } from './passkeys/web-authn.ts';
import { hasSecondFactor, SecondFactors } from './second-factors.ts';

/** Asks for the second factor of a person whose password was right, or whom a provider has confirmed. */
@Injectable()
export class DemandSecondFactor {
  constructor(
    private readonly factors: SecondFactors,
    private readonly challenges: ChallengeRepository,
    private readonly webAuthn: WebAuthn,
  ) {}

  /** Rejects with `AUTH.SECOND_FACTOR_REQUIRED`, which has the challenge, when the person has a second factor. */
  async of(userId: string, firstMethod: Challenge['first_method'] = null): Promise<void> {
    const onFile = await this.factors.of(userId);
    if (!hasSecondFactor(onFile)) return;
    const { challenge, token } = await this.challenges.create('log_in', userId, firstMethod);
    const methods: LogInChallenge['methods'] = [];
    if (onFile.totp) methods.push('totp');
    if (onFile.passkeys.length > 0) methods.push('passkey');
    if (onFile.unusedCodes.length > 0) methods.push('recovery_code');
    const demand: LogInChallenge = {
      object: 'log_in_challenge',
      token,
      expires_at: challenge.expires_at.toISOString(),
      methods,
      public_key:
        onFile.passkeys.length > 0 ? this.webAuthn.requestOptions(challenge, onFile.passkeys) : null,
    };
    throw new AppError(SECOND_FACTOR_REQUIRED, {
      detail: `${firstMethod === null ? 'The password was right.' : 'The provider has confirmed who you are.'} Send the challenge with your second factor to complete the log-in.`,
      details: { challenge: demand },
    });
  }
}
