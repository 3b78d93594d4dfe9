import {
  AppError,
  SECOND_FACTOR_MISSING,
  type secondFactorsSchema,
  TOO_FEW_WAYS,
} from '@gridworks/contracts';
import { Database, In, IsNull, type Transaction } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ExternalIdentityEntity } from '../external-identities/external-identity.entity.ts';
import type { ExternalIdentity } from '../external-identities/external-identity.ts';
import type { User } from '../users/user.ts';
import { PasskeyEntity } from './passkeys/passkey.entity.ts';
import { type Passkey, presentPasskey } from './passkeys/passkey.ts';
import { RecoveryCodeEntity } from './recovery-codes/recovery-code.entity.ts';
import type { RecoveryCode } from './recovery-codes/recovery-code.ts';
import type { TotpFactor } from './totp/totp.ts';
import { TotpFactorEntity } from './totp/totp-factor.entity.ts';

/** From the environment. */
interface FactorConfig {
  readonly AUTH_ADMIN_SECOND_FACTOR?: 'optional' | 'required' | undefined;
  readonly AUTH_LOG_IN_PROVIDERS?: readonly { readonly id: string }[];
}

/** What a person has on file. Only a confirmed authenticator app counts. */
export interface OnFile {
  readonly totp: TotpFactor | null;
  readonly passkeys: readonly Passkey[];
  readonly unusedCodes: readonly RecoveryCode[];
  /** Log-ins at the providers of the configuration. */
  readonly externals: readonly ExternalIdentity[];
}

type Manager = Parameters<Parameters<Database['read']>[0]>[0];

/** A password may go only when so many other ways to log in are on file. */
const LEAST_OTHER_WAYS = 2;

/** Which second factors persons have, and which they must keep. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: FactorConfig,
  ) {}

  of(userId: string): Promise<OnFile> {
    return this.database.read((manager) => this.#read(manager, userId));
  }

  /** The same within a transaction. */
  within({ manager }: Transaction, userId: string): Promise<OnFile> {
    return this.#read(manager, userId);
  }

  /** Recovery codes replace a lost second factor: without one they end. */
  async dropIdleCodes(tx: Transaction, userId: string): Promise<void> {
    if (!hasSecondFactor(await this.within(tx, userId)))
      await tx.manager.delete(RecoveryCodeEntity, { user_id: userId });
  }

  /** Whether a person must have a second factor: people of GridWorks, where the configuration says so. */
  isRequired(isOfPlatform: boolean): boolean {
    return isOfPlatform && this.config.AUTH_ADMIN_SECOND_FACTOR === 'required';
  }

  /**
   * Throws unless a person may go on with what is left: `AUTH.SECOND_FACTOR_MISSING` for an admin who must have a second
   * factor, `AUTH.TOO_FEW_WAYS` for a person without a password who could be locked out. Call it in the transaction of the
   * removal, with the user's row locked.
   */
  async checkRest(tx: Transaction, user: User): Promise<void> {
    const rest = await this.within(tx, user.id);
    if (this.isRequired(user.platform_role !== null) && !hasSecondFactor(rest))
      throw new AppError(SECOND_FACTOR_MISSING);
    if (user.password_hash === null) checkOtherWays(rest);
  }

  async #read(manager: Manager, userId: string): Promise<OnFile> {
    const totp = await manager.findOneBy(TotpFactorEntity, { user_id: userId });
    const passkeys = await manager.find(PasskeyEntity, {
      where: { user_id: userId },
      order: { created_at: 'ASC', id: 'ASC' },
    });
    const unusedCodes = await manager.findBy(RecoveryCodeEntity, { user_id: userId, used_at: IsNull() });
    const providers = (this.config.AUTH_LOG_IN_PROVIDERS ?? []).map(({ id }) => id);
    const externals =
      providers.length === 0
        ? []
        : await manager.findBy(ExternalIdentityEntity, { user_id: userId, provider: In(providers) });
    return { totp: totp?.confirmed_at ? totp : null, passkeys, unusedCodes, externals };
  }

  present(user: User, onFile: OnFile): z.output<typeof secondFactorsSchema> {
    const { totp, passkeys, unusedCodes } = onFile;
    const [code] = unusedCodes;
    return {
      object: 'second_factors',
      password: user.password_hash !== null,
      totp: totp && {
        created_at: totp.created_at.toISOString(),
        last_used_at: totp.last_used_at?.toISOString() ?? null,
      },
      passkeys: passkeys.map(presentPasskey),
      recovery_codes: code ? { left: unusedCodes.length, created_at: code.created_at.toISOString() } : null,
      other_ways: otherWays(onFile),
      required: this.isRequired(user.platform_role !== null),
    };
  }
}

/** Whether a log-in by password needs a second factor. */
export const hasSecondFactor = ({ totp, passkeys }: OnFile): boolean => totp !== null || passkeys.length > 0;

/** Throws `AUTH.TOO_FEW_WAYS` when a person without a password could be locked out by one loss. */
export function checkOtherWays(onFile: OnFile): void {
  const usual = onFile.passkeys.length + onFile.externals.length;
  if (usual > 0 && otherWays(onFile) >= LEAST_OTHER_WAYS) return;
  throw new AppError(TOO_FEW_WAYS, {
    detail:
      'Keep two of these on file: passkeys, log-ins at providers, recovery codes (which do not count alone); or a password.',
  });
}

/** Each passkey and each log-in at a provider is a way, and the recovery codes together are one. */
function otherWays({ passkeys, externals, unusedCodes }: OnFile): number {
  return passkeys.length + externals.length + (unusedCodes.length > 0 ? 1 : 0);
}
