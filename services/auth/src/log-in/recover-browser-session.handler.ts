import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  LOGIN_REFUSED,
  type OutputOf,
  type ParsedInputOf,
  recoverBrowserSession,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { FactorProofs } from '../second-factors/factor-proofs.ts';
import { ActingFor } from '../sessions/acting.ts';
import { presentBrowserSession } from '../sessions/browser-session.ts';
import { newBrowserSession } from '../sessions/new-session.ts';
import { OpenSession } from '../sessions/open-session.ts';
import { UserRepository } from '../users/user.repository.ts';

/** Nobody's id: an unknown address costs the same look-ups as a known one. */
const NOBODY = 'usr_0000000000000000000000';

@Controller()
export class RecoverBrowserSessionHandler {
  constructor(
    private readonly users: UserRepository,
    private readonly proofs: FactorProofs,
    private readonly sessions: OpenSession,
    private readonly acting: ActingFor,
  ) {}

  /**
   * For accounts without a password only: for all others a code replaces the second factor, never the password. An unknown
   * address, an account with a password and a wrong code are indistinguishable.
   */
  @HandleRequest(recoverBrowserSession)
  async recover(
    input: ParsedInputOf<typeof recoverBrowserSession>,
  ): Promise<OutputOf<typeof recoverBrowserSession>> {
    const { user, isKnownNetwork } = await this.users.findForLogIn(input.email, input.client_ip);
    const mayRecover = user !== null && user.password_hash === null;
    const proof = await this.proofs.check(
      mayRecover ? user.id : NOBODY,
      { method: 'recovery_code', recovery_code: input.recovery_code },
      {
        ...{ challenge: null, refusal: LOGIN_REFUSED, isKnownNetwork },
        clientIp: input.client_ip,
        countedFor: input.email,
      },
    );
    if (!mayRecover) throw new AppError(LOGIN_REFUSED);
    const acting = await this.acting.at(user, undefined, [proof.method]);
    const session = newBrowserSession(user, acting, input, [proof.method]);
    await this.sessions.open(session, input.client_ip, proof.use);
    await proof.succeeded();
    return presentBrowserSession(session, user, acting);
  }
}
