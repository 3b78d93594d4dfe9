import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_ENDED,
  API_KEY_NOT_FOUND,
  API_KEY_NOT_ROTATABLE,
  AppError,
  callerOf,
  credentialChanged,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  updateApiKey,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { type ApiKey, presentApiKey } from './api-key.ts';
import { addedScopes, endOf, mustMayScopes } from './key-options.ts';

@Controller()
export class UpdateApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /** A key that has ended gets another name, and nothing else. */
  @HandleRequest(updateApiKey)
  update(
    input: ParsedInputOf<typeof updateApiKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof updateApiKey>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const key = await this.keys.hold(tx, partnerId, input.id);
      // A foreign and a missing key give the same response, to the byte.
      if (!key) throw new AppError(API_KEY_NOT_FOUND);
      const change = changeOf(input, now);
      const { name: _name, ...rules } = change;
      const changesRules = Object.keys(rules).length > 0;
      if (changesRules) mustBeChangeable(key, now);
      // The end of a replaced key was set with its replacement.
      if (change.expires_at !== undefined && key.replaced_at) throw new AppError(API_KEY_ENDED);
      if (change.scopes !== undefined) mustMayScopes(callerOf(call), addedScopes(key.scopes, change.scopes));
      const changed = await this.keys.update(tx, key, change);
      noteAct({ before: before(key, change) });
      if (changesRules)
        tx.emit(credentialChanged, { kind: 'api_key', id: key.id, digest: key.digest }, { partnerId });
      return presentApiKey(changed);
    });
  }
}

type Change = Partial<Pick<ApiKey, 'name' | 'scopes' | 'allowed_networks' | 'limits' | 'expires_at'>>;

function changeOf(input: ParsedInputOf<typeof updateApiKey>, now: Date): Change {
  const { name, scopes, allowed_networks, limits } = input;
  const expires_at = endOf(input, now);
  return {
    ...(name === undefined ? {} : { name }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(allowed_networks === undefined ? {} : { allowed_networks }),
    ...(limits === undefined ? {} : { limits }),
    ...(expires_at === undefined ? {} : { expires_at }),
  };
}

/** What the audit log says about the members that change. */
function before(key: ApiKey, change: Change): Record<string, unknown> {
  const { expires_at: end, ...others } = key;
  const old: Record<string, unknown> = { ...others, expires_at: end?.toISOString() ?? null };
  return Object.fromEntries(Object.keys(change).map((member) => [member, old[member]]));
}

function mustBeChangeable(key: ApiKey, now: Date): void {
  if (key.purpose === 'explorer') throw new AppError(API_KEY_NOT_ROTATABLE);
  if (key.revoked_at || (key.expires_at && key.expires_at <= now)) throw new AppError(API_KEY_ENDED);
}
