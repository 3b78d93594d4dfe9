import { randomBytes } from 'node:crypto';
import {
  AppError,
  ATTEMPT_ENDED,
  ATTEMPT_PREFIXES,
  type AttemptPurpose,
  credentialDigest,
  randomBase62,
} from '@gridworks/contracts';
import { beforeAct } from '@gridworks/observability';
import { Database, IsNull, LessThan, MoreThan, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { OidcAttempt } from '../log-in-providers/oidc-client.ts';
import type { ProvidedIdentity } from '../log-in-providers/provided-identity.ts';
import { SecretBox } from '../second-factors/totp/secret-box.ts';
import { LogInAttemptEntity } from './log-in-attempt.entity.ts';
import { ATTEMPT_LIFETIME_MS, type LogInAttempt } from './log-in-attempt.ts';

const SECRET_BYTES = 32;

/** What decides about an attempt. */
export interface NewAttempt {
  readonly purpose: AttemptPurpose;
  readonly provider: string | null;
  readonly connectionId?: string;
  readonly userId: string | null;
  readonly browserDigest: string;
  readonly redirectUri: string;
  readonly returnTo: string | null;
}

@Injectable()
export class LogInAttemptRepository {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Makes an attempt. Also deletes those that are over, so that the table holds only usable ones. */
  async create(about: NewAttempt): Promise<{ attempt: OidcAttempt; expiresAt: Date }> {
    const now = new Date();
    const state = `${ATTEMPT_PREFIXES[about.purpose]}_${randomBase62(43)}`;
    const digest = credentialDigest(state);
    const verifier = randomBytes(SECRET_BYTES).toString('base64url');
    const nonce = randomBytes(SECRET_BYTES).toString('base64url');
    const expiresAt = new Date(now.getTime() + ATTEMPT_LIFETIME_MS);
    await this.database.transaction(async (tx) => {
      await tx.manager.delete(LogInAttemptEntity, { expires_at: LessThan(now) });
      await tx.manager.insert(LogInAttemptEntity, {
        digest,
        purpose: about.purpose,
        provider: about.provider,
        sso_connection_id: about.connectionId ?? null,
        user_id: about.userId,
        browser_digest: about.browserDigest,
        nonce,
        verifier: this.box.seal(verifier, digest),
        redirect_uri: about.redirectUri,
        return_to: about.returnTo,
        created_at: now,
        expires_at: expiresAt,
        used_at: null,
        identity: null,
        closed_at: null,
      });
    });
    return { attempt: { state, nonce, verifier, redirectUri: about.redirectUri }, expiresAt };
  }

  /**
   * Uses an attempt up: once, whatever runs at the same time, and before the provider is asked. Throws
   * `AUTH.ATTEMPT_ENDED` for one that is unknown, used, over, for another purpose or of another browser.
   */
  async use(
    state: string,
    purpose: AttemptPurpose,
    browserDigest: string | undefined,
  ): Promise<{ row: LogInAttempt; attempt: OidcAttempt }> {
    const digest = credentialDigest(state);
    const now = new Date();
    const usable = {
      ...{ digest, purpose, browser_digest: browserDigest ?? '' },
      ...{ used_at: IsNull(), expires_at: MoreThan(now) },
    };
    const row = await beforeAct(() =>
      this.database.transaction(async (tx) => {
        const { affected } = await tx.manager.update(LogInAttemptEntity, usable, { used_at: now });
        return affected === 1 ? tx.manager.findOneBy(LogInAttemptEntity, { digest }) : null;
      }),
    );
    if (!row) throw new AppError(ATTEMPT_ENDED);
    const { nonce, redirect_uri: redirectUri } = row;
    return { row, attempt: { state, nonce, verifier: this.box.open(row.verifier, digest), redirectUri } };
  }

  /** An attempt whose browser has not come back yet. Throws `AUTH.ATTEMPT_ENDED` for every other one. */
  async findWaiting(state: string, connectionId: string): Promise<LogInAttempt> {
    const row = await this.database.read((manager) =>
      manager.findOneBy(LogInAttemptEntity, {
        ...{ digest: credentialDigest(state), sso_connection_id: connectionId },
        ...{ used_at: IsNull(), identity: IsNull(), expires_at: MoreThan(new Date()) },
      }),
    );
    if (!row) throw new AppError(ATTEMPT_ENDED);
    return row;
  }

  /** Keeps who a SAML provider says it is: once. Throws `AUTH.ATTEMPT_ENDED` when another response was faster. */
  async receive({ digest }: LogInAttempt, identity: ProvidedIdentity): Promise<void> {
    const { affected } = await this.database.transaction((tx) =>
      tx.manager.update(LogInAttemptEntity, { digest, used_at: IsNull(), identity: IsNull() }, { identity }),
    );
    if (affected !== 1) throw new AppError(ATTEMPT_ENDED);
  }

  /** Keeps who it is, until the person has named the partner. */
  async keep({ digest }: LogInAttempt, identity: ProvidedIdentity): Promise<void> {
    await this.database.transaction((tx) => tx.manager.update(LogInAttemptEntity, { digest }, { identity }));
  }

  /** A used attempt of a person who has no account. Throws `AUTH.ATTEMPT_ENDED` for every other one. */
  async findOpen(
    state: string,
    browserDigest: string | undefined,
  ): Promise<LogInAttempt & { readonly identity: ProvidedIdentity }> {
    const row = await this.database.read((manager) =>
      manager.findOneBy(LogInAttemptEntity, {
        ...{ digest: credentialDigest(state), purpose: 'log_in', browser_digest: browserDigest ?? '' },
        ...{ sso_connection_id: IsNull(), closed_at: IsNull(), expires_at: MoreThan(new Date()) },
      }),
    );
    if (!row?.identity) throw new AppError(ATTEMPT_ENDED);
    return { ...row, identity: row.identity };
  }

  /** Ends an attempt, in the transaction of what it permits. Throws `AUTH.ATTEMPT_ENDED` when another call was faster. */
  async close(tx: Transaction, { digest }: LogInAttempt, at: Date): Promise<void> {
    const { affected } = await tx.manager.update(
      LogInAttemptEntity,
      { digest, closed_at: IsNull() },
      { closed_at: at },
    );
    if (affected !== 1) throw new AppError(ATTEMPT_ENDED);
  }
}
