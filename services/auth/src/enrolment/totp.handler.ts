import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  confirmTotp,
  enrolTotp,
  type OutputOf,
  type ParsedInputOf,
  PROOF_REFUSED,
  removeTotp,
  TOTP_EXISTS,
  TOTP_NOT_FOUND,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { RecoveryCodeRepository } from '../second-factors/recovery-codes/recovery-code.repository.ts';
import { SecondFactors } from '../second-factors/second-factors.ts';
import { TotpRepository } from '../second-factors/totp/totp.repository.ts';
import { newTotpSecret, totpUri } from '../second-factors/totp/totp.ts';
import { SecondFactorThrottle } from '../throttling/second-factor-throttle.ts';
import { OwnAccount } from './own-account.ts';

/** The authenticator app of a person. */
@Controller()
export class TotpHandler {
  constructor(
    private readonly account: OwnAccount,
    private readonly factors: SecondFactors,
    private readonly totp: TotpRepository,
    private readonly codes: RecoveryCodeRepository,
    private readonly throttle: SecondFactorThrottle,
  ) {}

  @HandleRequest(enrolTotp)
  async enrol(
    _input: ParsedInputOf<typeof enrolTotp>,
    call: CallContext,
  ): Promise<OutputOf<typeof enrolTotp>> {
    const secret = newTotpSecret();
    return this.account.change(call, async (tx, user, now) => {
      if (!(await this.totp.enrol(tx, user.id, secret, now))) throw new AppError(TOTP_EXISTS);
      return { object: 'totp_enrolment' as const, secret, uri: totpUri(secret, user.email) };
    });
  }

  /** The first second factor brings the recovery codes; the response is the only place where they ever appear. */
  @HandleRequest(confirmTotp)
  async confirm(
    { code, client_ip }: ParsedInputOf<typeof confirmTotp>,
    call: CallContext,
  ): Promise<OutputOf<typeof confirmTotp>> {
    const { id } = await this.account.userOf(call);
    const attempt = await this.throttle.admit(id, client_ip, true, true);
    const factor = await this.totp.find(id);
    if (!factor) throw new AppError(TOTP_NOT_FOUND);
    if (factor.confirmed_at) throw new AppError(TOTP_EXISTS);
    const step = this.totp.stepOf(factor, code, new Date());
    if (step === null) throw new AppError(PROOF_REFUSED);
    const confirmed = await this.account.change(call, async (tx, user, now) => {
      if (!(await this.totp.use(tx, factor, step, now))) throw new AppError(PROOF_REFUSED);
      const recoveryCodes = await this.codes.renewUnlessThere(tx, user.id, now);
      this.account.tell(tx, 'factor-added', user, 'totp');
      await this.account.prove(tx, call, 'totp', now);
      return {
        object: 'second_factor_addition' as const,
        second_factors: this.factors.present(user, await this.factors.within(tx, user.id)),
        recovery_codes: recoveryCodes,
      };
    });
    await attempt.succeeded();
    return confirmed;
  }

  @HandleRequest(removeTotp)
  async remove(
    _input: ParsedInputOf<typeof removeTotp>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeTotp>> {
    return this.account.change(call, async (tx, user) => {
      if (!(await this.totp.remove(tx, user.id))) throw new AppError(TOTP_NOT_FOUND);
      await this.factors.checkRest(tx, user);
      await this.factors.dropIdleCodes(tx, user.id);
      this.account.tell(tx, 'factor-removed', user, 'totp');
      return this.factors.present(user, await this.factors.within(tx, user.id));
    });
  }
}
