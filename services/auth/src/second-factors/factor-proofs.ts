import { AppError, type ErrorDefinition, type FactorProof, type PasskeyProof } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { SecondFactorThrottle } from '../throttling/second-factor-throttle.ts';
import type { Challenge } from './challenges/challenge.ts';
import { PasskeyRepository } from './passkeys/passkey.repository.ts';
import { WebAuthn } from './passkeys/web-authn.ts';
import { RecoveryCodeRepository } from './recovery-codes/recovery-code.repository.ts';
import { TotpRepository } from './totp/totp.repository.ts';

export type FactorMethod = FactorProof['method'];

export interface ProofContext {
  /** What a passkey must have signed. Null where no passkey may prove anything. */
  readonly challenge: Challenge | null;
  /** The error for a wrong proof. */
  readonly refusal: ErrorDefinition;
  readonly clientIp: string | undefined;
  /** Whether the person has logged in from this network before. */
  readonly isKnownNetwork: boolean;
  /** What attempts are counted for, where the person must not be told from somebody unknown. Default: the person. */
  readonly countedFor?: string;
}

/** A right proof, which counts when it is used up. */
export interface RightProof {
  readonly method: FactorMethod;
  /** Uses the proof up, in the transaction of what it permits. Throws the refusal when another call was faster. */
  use(tx: Transaction, at: Date): Promise<void>;
  /** Call after the transaction: the attempt does not count. */
  succeeded(): Promise<void>;
}

/** Checks codes, recovery codes and passkeys of a known person. */
@Injectable()
export class FactorProofs {
  constructor(
    private readonly throttle: SecondFactorThrottle,
    private readonly totp: TotpRepository,
    private readonly codes: RecoveryCodeRepository,
    private readonly passkeys: PasskeyRepository,
    private readonly webAuthn: WebAuthn,
    private readonly mails: AccountMails,
  ) {}

  /**
   * Counts an attempt and checks the proof. Rejects with the refusal for a wrong or used one, with `AUTH.TOO_MANY_LOGINS`
   * after too many.
   */
  async check(userId: string, proof: FactorProof, context: ProofContext): Promise<RightProof> {
    const { clientIp, isKnownNetwork, refusal, countedFor = userId } = context;
    const isCode = proof.method === 'totp';
    const attempt = await this.throttle.admit(countedFor, clientIp, isKnownNetwork, isCode);
    const right = await this.#find(userId, proof, context).catch(async (error: unknown) => {
      await attempt.takeBack();
      throw error;
    });
    if (!right) throw new AppError(refusal);
    return {
      method: right.method,
      use: async (tx, at) => {
        if (!(await right.use(tx, at))) throw new AppError(refusal);
      },
      succeeded: () => attempt.succeeded(),
    };
  }

  async #find(userId: string, proof: FactorProof, { challenge }: ProofContext): Promise<Found | null> {
    if (proof.method === 'totp') return this.#findCode(userId, proof.code);
    if (proof.method === 'recovery_code') return this.#findRecoveryCode(userId, proof.recovery_code);
    return challenge ? this.#findPasskey(userId, proof.passkey, challenge) : null;
  }

  async #findCode(userId: string, code: string): Promise<Found | null> {
    const factor = await this.totp.find(userId);
    const step = factor?.confirmed_at ? this.totp.stepOf(factor, code, new Date()) : null;
    if (!factor || step === null) return null;
    return { method: 'totp', use: (tx, at) => this.totp.use(tx, factor, step, at) };
  }

  async #findRecoveryCode(userId: string, code: string): Promise<Found | null> {
    if (!(await this.codes.isUnused(userId, code))) return null;
    return {
      method: 'recovery_code',
      use: async (tx, at) => {
        const left = await this.codes.use(tx, userId, code, at);
        if (left !== null) this.mails.recoveryCodeUsed(tx, userId, left);
        return left !== null;
      },
    };
  }

  async #findPasskey(userId: string, proof: PasskeyProof, challenge: Challenge): Promise<Found | null> {
    const passkey = await this.passkeys.findByCredential(proof.id);
    if (passkey?.user_id !== userId) return null;
    const counter = await this.webAuthn.check(challenge, passkey, proof);
    if (counter === null) return null;
    return { method: 'passkey', use: (tx, at) => this.passkeys.use(tx, passkey, counter, at) };
  }
}

interface Found {
  readonly method: FactorMethod;
  /** False when the proof was used meanwhile. */
  use(tx: Transaction, at: Date): Promise<boolean>;
}
