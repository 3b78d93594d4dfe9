import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  FORBIDDEN,
  getSecondFactors,
  NO_SECOND_FACTOR,
  type OutputOf,
  type ParsedInputOf,
  removePassword,
  renewRecoveryCodes,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { RecoveryCodeRepository } from '../second-factors/recovery-codes/recovery-code.repository.ts';
import { hasSecondFactor, SecondFactors } from '../second-factors/second-factors.ts';
import { UserRepository } from '../users/user.repository.ts';
import { OwnAccount } from './own-account.ts';

/** What a person logs in with, as a whole. */
@Controller()
export class SecondFactorsHandler {
  constructor(
    private readonly account: OwnAccount,
    private readonly factors: SecondFactors,
    private readonly codes: RecoveryCodeRepository,
    private readonly users: UserRepository,
  ) {}

  @HandleRequest(getSecondFactors)
  async get(
    _input: ParsedInputOf<typeof getSecondFactors>,
    call: CallContext,
  ): Promise<OutputOf<typeof getSecondFactors>> {
    const user = await this.account.userOf(call);
    return this.factors.present(user, await this.factors.of(user.id));
  }

  /** The response is the only place where the codes ever appear. */
  @HandleRequest(renewRecoveryCodes)
  async renewCodes(
    _input: ParsedInputOf<typeof renewRecoveryCodes>,
    call: CallContext,
  ): Promise<OutputOf<typeof renewRecoveryCodes>> {
    return this.account.change(call, async (tx, user, now) => {
      if (!hasSecondFactor(await this.factors.within(tx, user.id))) throw new AppError(NO_SECOND_FACTOR);
      const codes = await this.codes.renew(tx, user.id, now);
      this.account.tell(tx, 'factor-added', user, 'recovery_codes');
      return { object: 'recovery_codes' as const, codes };
    });
  }

  /** The password of the first admin comes from the configuration, which would set it again. */
  @HandleRequest(removePassword)
  async removePassword(
    _input: ParsedInputOf<typeof removePassword>,
    call: CallContext,
  ): Promise<OutputOf<typeof removePassword>> {
    return this.account.change(call, async (tx, user) => {
      if (user.platform_role !== null)
        throw new AppError(FORBIDDEN, {
          detail:
            'People of GridWorks keep their password: that of the first admin comes from the configuration.',
        });
      const bare = { ...user, password_hash: null };
      await this.factors.checkRest(tx, bare);
      if (user.password_hash !== null) {
        await this.users.removePassword(tx, user.id);
        this.account.tell(tx, 'factor-removed', user, 'password');
      }
      return this.factors.present(bare, await this.factors.within(tx, user.id));
    });
  }
}
