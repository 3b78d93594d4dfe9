import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  type OutputOf,
  type ParsedInputOf,
  UNAUTHENTICATED,
  updateIdentity,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { type Preferences, UserRepository } from './user.repository.ts';
import { presentUser, type User } from './user.ts';

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
      const before = user_id ? await this.users.within(tx, user_id) : null;
      if (before) noteAct({ before: preferencesOf(before, input) });
      const user = user_id ? await this.users.prefer(tx, user_id, input) : null;
      if (!user) throw new AppError(UNAUTHENTICATED);
      return presentUser(user);
    });
  }
}

/** The values that the given preferences replace. */
function preferencesOf(user: User, given: Preferences): Record<string, unknown> {
  const names = (Object.keys(given) as (keyof Preferences)[]).filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, user[name]]));
}
