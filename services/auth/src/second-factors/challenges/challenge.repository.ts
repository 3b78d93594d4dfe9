import { AppError, CHALLENGE_ENDED, credentialDigest } from '@gridworks/contracts';
import { beforeAct } from '@gridworks/observability';
import { Database, IsNull, LessThan, MoreThan, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ChallengeEntity } from './challenge.entity.ts';
import { type Challenge, type ChallengePurpose, newChallenge } from './challenge.ts';

@Injectable()
export class ChallengeRepository {
  constructor(private readonly database: Database) {}

  /** Makes a challenge. Also deletes those that are over, so that the table holds only usable ones. */
  async create(
    purpose: ChallengePurpose,
    userId: string | null,
    firstMethod: Challenge['first_method'] = null,
  ): Promise<{ challenge: Challenge; token: string }> {
    const now = new Date();
    const made = newChallenge(purpose, userId, now, firstMethod);
    // A log-in that still needs its second factor is no log-in.
    await beforeAct(() =>
      this.database.transaction(async (tx) => {
        await tx.manager.delete(ChallengeEntity, { expires_at: LessThan(now) });
        await tx.manager.insert(ChallengeEntity, made.challenge);
      }),
    );
    return made;
  }

  /** Throws `AUTH.CHALLENGE_ENDED` for a token that is unknown, used, over, or for another purpose. */
  async find(token: string, purpose: ChallengePurpose): Promise<Challenge> {
    const challenge = await this.database.read((manager) =>
      manager.findOneBy(ChallengeEntity, {
        digest: credentialDigest(token),
        purpose,
        used_at: IsNull(),
        expires_at: MoreThan(new Date()),
      }),
    );
    if (!challenge) throw new AppError(CHALLENGE_ENDED);
    return challenge;
  }

  /** Uses a challenge up: once, whatever runs at the same time. Throws `AUTH.CHALLENGE_ENDED` when it was used. */
  async use(tx: Transaction, { digest }: Challenge, at: Date): Promise<void> {
    const { affected } = await tx.manager.update(
      ChallengeEntity,
      { digest, used_at: IsNull() },
      { used_at: at },
    );
    if (affected !== 1) throw new AppError(CHALLENGE_ENDED);
  }
}
