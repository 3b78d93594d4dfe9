import { AppError, type FactorProof, SECOND_FACTOR_REFUSED } from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ChallengeRepository } from '../second-factors/challenges/challenge.repository.ts';
import { FactorProofs } from '../second-factors/factor-proofs.ts';
import { PasskeyRepository } from '../second-factors/passkeys/passkey.repository.ts';
import type { ProofMethod } from '../sessions/session.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';

interface Input {
  /** The token of the challenge. */
  readonly challenge: string;
  readonly proof: FactorProof;
  readonly client_ip?: string | undefined;
}

/** A log-in whose proof is right. */
export interface CompletedLogIn {
  readonly user: User;
  readonly methods: readonly ProofMethod[];
  /** Uses up the challenge and the proof, in the transaction that stores the session. */
  use(tx: Transaction, at: Date): Promise<void>;
  /** Call after the transaction. */
  succeeded(): Promise<void>;
}

/** Checks the second request of a log-in, for every kind of session. */
@Injectable()
export class CompleteLogIn {
  constructor(
    private readonly challenges: ChallengeRepository,
    private readonly proofs: FactorProofs,
    private readonly passkeys: PasskeyRepository,
    private readonly users: UserRepository,
  ) {}

  /**
   * Rejects with `AUTH.CHALLENGE_ENDED`, `AUTH.SECOND_FACTOR_REFUSED` or `AUTH.TOO_MANY_LOGINS`. A challenge without a
   * person takes a passkey only, and the passkey is enough.
   */
  async of(input: Input): Promise<CompletedLogIn> {
    const challenge = await this.challenges.find(input.challenge, 'log_in');
    const { user_id: named } = challenge;
    const userId = named ?? (await this.#ownerOf(input.proof));
    const known = userId === null ? null : await this.users.find(userId);
    if (!known) throw new AppError(SECOND_FACTOR_REFUSED);
    const { user, isKnownNetwork } = await this.users.findForLogIn(
      known.email.toLowerCase(),
      input.client_ip,
    );
    if (!user) throw new AppError(SECOND_FACTOR_REFUSED);
    noteAct({ actor_id: user.id, partner_id: user.last_partner_id });
    const proof = await this.proofs.check(user.id, input.proof, {
      challenge,
      refusal: SECOND_FACTOR_REFUSED,
      clientIp: input.client_ip,
      isKnownNetwork,
    });
    return {
      user,
      methods: named === null ? [proof.method] : [challenge.first_method ?? 'password', proof.method],
      use: async (tx, at) => {
        await this.challenges.use(tx, challenge, at);
        await proof.use(tx, at);
      },
      succeeded: () => proof.succeeded(),
    };
  }

  async #ownerOf(proof: FactorProof): Promise<string | null> {
    if (proof.method !== 'passkey') return null;
    return (await this.passkeys.findByCredential(proof.passkey.id))?.user_id ?? null;
  }
}
