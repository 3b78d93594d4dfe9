import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  type OutputOf,
  type ParsedInputOf,
  UNAUTHENTICATED,
  updateIdentity,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { UserRepository } from './user.repository.ts';
import { presentUser } from './user.ts';

@Controller()
export class UpdateIdentityHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
  ) {}

  @HandleRequest(updateIdentity)
  update(
    input: ParsedInputOf<typeof updateIdentity>,
    call: CallContext,
  ): Promise<OutputOf<typeof updateIdentity>> {
    const { user_id } = callerOf(call);
    return this.database.transaction(async (tx) => {
      const user = user_id ? await this.users.prefer(tx, user_id, input) : null;
      if (!user) throw new AppError(UNAUTHENTICATED);
      return presentUser(user);
    });
  }
}
