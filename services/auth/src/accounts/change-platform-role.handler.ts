import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  changePlatformRole,
  credentialRevoked,
  type OutputOf,
  type ParsedInputOf,
  PLATFORM_PERSON,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SessionRepository } from '../sessions/session.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import { presentUser } from '../users/user.ts';

@Controller()
export class ChangePlatformRoleHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
  ) {}

  /** For people of GridWorks only. Their sessions end: the next log-in has the new role. */
  @HandleRequest(changePlatformRole)
  async change({
    id,
    platform_role: role,
  }: ParsedInputOf<typeof changePlatformRole>): Promise<OutputOf<typeof changePlatformRole>> {
    return this.database.transaction(async (tx) => {
      const user = await this.users.setPlatformRole(tx, id, role);
      if (!user) throw new AppError(PLATFORM_PERSON);
      const ended = await this.sessions.revokeAllOf(tx, id, null, new Date(), undefined);
      for (const session of ended) tx.emit(credentialRevoked, { kind: 'session', ...session });
      return presentUser(user);
    });
  }
}
