import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  beginStepUp,
  callerOf,
  completeStepUp,
  type OutputOf,
  type ParsedInputOf,
  PROOF_REFUSED,
  STEP_UP_MS,
  sessionProved,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { LogInProviders } from '../log-in-providers/log-in-providers.ts';
import { ChallengeRepository } from '../second-factors/challenges/challenge.repository.ts';
import type { Challenge } from '../second-factors/challenges/challenge.ts';
import { FactorProofs } from '../second-factors/factor-proofs.ts';
import { WebAuthn } from '../second-factors/passkeys/web-authn.ts';
import { SecondFactors } from '../second-factors/second-factors.ts';
import { SessionRepository } from '../sessions/session.repository.ts';
import type { ProofMethod } from '../sessions/session.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { CheckPassword } from '../users/check-password.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';

type StepUp = ParsedInputOf<typeof completeStepUp>;

/** A proof that is right, and what uses it up. */
interface Right {
  readonly method: ProofMethod;
  use(tx: Transaction, at: Date): Promise<void>;
  succeeded(): Promise<void>;
}

const BY_SSO = 'This session began with single sign-on: prove it there, at POST /v1/step-ups/attempts.';

/** A person who is logged in proves again who they are. */
@Controller()
export class StepUpHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly factors: SecondFactors,
    private readonly challenges: ChallengeRepository,
    private readonly proofs: FactorProofs,
    private readonly passwords: CheckPassword,
    private readonly webAuthn: WebAuthn,
    private readonly providers: LogInProviders,
    private readonly connections: SsoConnectionRepository,
  ) {}

  @HandleRequest(beginStepUp)
  async begin(
    _input: ParsedInputOf<typeof beginStepUp>,
    call: CallContext,
  ): Promise<OutputOf<typeof beginStepUp>> {
    const user = await this.#userOf(call);
    const { sso_connection_id: connectionId } = callerOf(call);
    if (connectionId !== undefined) return this.#bySso(user, connectionId);
    const { totp, passkeys, externals } = await this.factors.of(user.id);
    const { challenge, token } = await this.challenges.create('step_up', user.id);
    const methods: OutputOf<typeof beginStepUp>['methods'] = [];
    if (user.password_hash !== null) methods.push('password');
    if (totp) methods.push('totp');
    if (passkeys.length > 0) methods.push('passkey');
    const proving = [...new Set(externals.map(({ provider }) => provider))];
    if (proving.length > 0) methods.push('external');
    return {
      object: 'step_up_challenge',
      token,
      expires_at: challenge.expires_at.toISOString(),
      methods,
      providers: proving.map((id) => ({ id, name: this.providers.nameOf(id) })),
      public_key: passkeys.length > 0 ? this.webAuthn.requestOptions(challenge, passkeys) : null,
    };
  }

  @HandleRequest(completeStepUp)
  async complete(input: StepUp, call: CallContext): Promise<OutputOf<typeof completeStepUp>> {
    const user = await this.#userOf(call);
    // What the person has by themselves is nothing of the partner's: its provider proves who it is.
    if (callerOf(call).sso_connection_id !== undefined) throw new AppError(PROOF_REFUSED, { detail: BY_SSO });
    const right = await this.#check(user, input);
    const now = new Date();
    await this.database.transaction(async (tx) => {
      await right.use(tx, now);
      const session = await this.sessions.prove(tx, callerOf(call).id, right.method, now);
      if (!session) throw new AppError(UNAUTHENTICATED);
      tx.emit(sessionProved, session);
    });
    await right.succeeded();
    return {
      object: 'step_up',
      authenticated_at: now.toISOString(),
      fresh_until: new Date(now.getTime() + STEP_UP_MS).toISOString(),
    };
  }

  async #bySso(user: User, connectionId: string): Promise<OutputOf<typeof beginStepUp>> {
    const connection = await this.connections.findById(connectionId);
    const { challenge, token } = await this.challenges.create('step_up', user.id);
    return {
      object: 'step_up_challenge',
      token,
      expires_at: challenge.expires_at.toISOString(),
      methods: ['external'],
      providers: [{ id: 'sso', name: connection?.name ?? 'single sign-on' }],
      public_key: null,
    };
  }

  async #check(user: User, { proof, client_ip: clientIp }: StepUp): Promise<Right> {
    if (proof.method === 'password') {
      await this.passwords.check(user, proof.password, clientIp, PROOF_REFUSED);
      return { method: 'password', use: async () => {}, succeeded: async () => {} };
    }
    const challenge = proof.method === 'passkey' ? await this.#challengeOf(user, proof.challenge) : null;
    const right = await this.proofs.check(user.id, proof, {
      ...{ challenge, clientIp },
      refusal: PROOF_REFUSED,
      isKnownNetwork: true,
    });
    return {
      ...right,
      use: async (tx, at) => {
        if (challenge) await this.challenges.use(tx, challenge, at);
        await right.use(tx, at);
      },
    };
  }

  async #challengeOf(user: User, token: string): Promise<Challenge | null> {
    const challenge = await this.challenges.find(token, 'step_up');
    return challenge.user_id === user.id ? challenge : null;
  }

  async #userOf(call: CallContext): Promise<User> {
    const { user_id: userId } = callerOf(call);
    const user = userId === null ? null : await this.users.find(userId);
    if (!user) throw new AppError(UNAUTHENTICATED);
    return user;
  }
}
