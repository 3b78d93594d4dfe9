import { HandleRequest } from '@gridworks/bus';
import { createLogInChallenge, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ChallengeRepository } from '../second-factors/challenges/challenge.repository.ts';
import { WebAuthn } from '../second-factors/passkeys/web-authn.ts';

@Controller()
export class CreateLogInChallengeHandler {
  constructor(
    private readonly challenges: ChallengeRepository,
    private readonly webAuthn: WebAuthn,
  ) {}

  /** Names no person: the passkey that the person chooses says who it is. */
  @HandleRequest(createLogInChallenge)
  async create(): Promise<OutputOf<typeof createLogInChallenge>> {
    const { challenge, token } = await this.challenges.create('log_in', null);
    return {
      object: 'log_in_challenge',
      token,
      expires_at: challenge.expires_at.toISOString(),
      methods: ['passkey'],
      public_key: this.webAuthn.requestOptions(challenge),
    };
  }
}
