import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  beginPasskey,
  CHALLENGE_ENDED,
  newId,
  type OutputOf,
  PASSKEY_INVALID,
  PASSKEY_NOT_FOUND,
  type ParsedInputOf,
  registerPasskey,
  removePasskey,
  renamePasskey,
  TOO_MANY_PASSKEYS,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ChallengeRepository } from '../second-factors/challenges/challenge.repository.ts';
import { PasskeyRepository } from '../second-factors/passkeys/passkey.repository.ts';
import { MOST_PASSKEYS, presentPasskey } from '../second-factors/passkeys/passkey.ts';
import { WebAuthn } from '../second-factors/passkeys/web-authn.ts';
import { RecoveryCodeRepository } from '../second-factors/recovery-codes/recovery-code.repository.ts';
import { SecondFactors } from '../second-factors/second-factors.ts';
import { OwnAccount } from './own-account.ts';

/** The passkeys of a person. */
@Controller()
export class PasskeysHandler {
  constructor(
    private readonly account: OwnAccount,
    private readonly factors: SecondFactors,
    private readonly passkeys: PasskeyRepository,
    private readonly challenges: ChallengeRepository,
    private readonly codes: RecoveryCodeRepository,
    private readonly webAuthn: WebAuthn,
  ) {}

  @HandleRequest(beginPasskey)
  async begin(
    _input: ParsedInputOf<typeof beginPasskey>,
    call: CallContext,
  ): Promise<OutputOf<typeof beginPasskey>> {
    const user = await this.account.userOf(call);
    const known = await this.passkeys.listOf(user.id);
    if (known.length >= MOST_PASSKEYS) throw new AppError(TOO_MANY_PASSKEYS);
    const { challenge, token } = await this.challenges.create('passkey', user.id);
    return {
      object: 'passkey_challenge',
      challenge: token,
      expires_at: challenge.expires_at.toISOString(),
      public_key: this.webAuthn.creationOptions(challenge, user, known),
    };
  }

  /** The first second factor brings the recovery codes; the response is the only place where they ever appear. */
  @HandleRequest(registerPasskey)
  async register(
    input: ParsedInputOf<typeof registerPasskey>,
    call: CallContext,
  ): Promise<OutputOf<typeof registerPasskey>> {
    const challenge = await this.challenges.find(input.challenge, 'passkey');
    const registered = await this.webAuthn.register(challenge, input.passkey);
    if (!registered) throw new AppError(PASSKEY_INVALID);
    const { credential, credentialBackedUp: synced } = registered;
    return this.account.change(call, async (tx, user, now) => {
      if (challenge.user_id !== user.id) throw new AppError(CHALLENGE_ENDED);
      await this.challenges.use(tx, challenge, now);
      const { passkeys } = await this.factors.within(tx, user.id);
      if (passkeys.length >= MOST_PASSKEYS) throw new AppError(TOO_MANY_PASSKEYS);
      const passkey = {
        id: newId('passkey'),
        user_id: user.id,
        credential_id: credential.id,
        public_key: Buffer.from(credential.publicKey).toString('base64url'),
        counter: String(credential.counter),
        transports: credential.transports ?? [],
        synced,
        name: input.name,
        created_at: now,
        last_used_at: null,
      };
      if (!(await this.passkeys.insertUnlessThere(tx, passkey))) throw new AppError(PASSKEY_INVALID);
      const recoveryCodes = await this.codes.renewUnlessThere(tx, user.id, now);
      this.account.tell(tx, 'factor-added', user, { passkey: input.name });
      await this.account.prove(tx, call, 'passkey', now);
      return {
        object: 'passkey_addition' as const,
        passkey: presentPasskey(passkey),
        recovery_codes: recoveryCodes,
      };
    });
  }

  /** A passkey of another person and a missing one get the same error. */
  @HandleRequest(renamePasskey)
  async rename(
    { id, name }: ParsedInputOf<typeof renamePasskey>,
    call: CallContext,
  ): Promise<OutputOf<typeof renamePasskey>> {
    return this.account.change(call, async (tx, user) => {
      const passkey = await this.passkeys.rename(tx, user.id, id, name);
      if (!passkey) throw new AppError(PASSKEY_NOT_FOUND);
      return presentPasskey(passkey);
    });
  }

  @HandleRequest(removePasskey)
  async remove(
    { id }: ParsedInputOf<typeof removePasskey>,
    call: CallContext,
  ): Promise<OutputOf<typeof removePasskey>> {
    return this.account.change(call, async (tx, user, now) => {
      const { passkeys } = await this.factors.within(tx, user.id);
      const passkey = passkeys.find((one) => one.id === id);
      if (!passkey) throw new AppError(PASSKEY_NOT_FOUND);
      await this.passkeys.remove(tx, user.id, id);
      await this.factors.checkRest(tx, user);
      await this.factors.dropIdleCodes(tx, user.id);
      this.account.tell(tx, 'factor-removed', user, { passkey: passkey.name });
      return { object: 'removed_passkey' as const, id, removed_at: now.toISOString() };
    });
  }
}
