import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_TAKEN,
  AppError,
  actorOf,
  callerOf,
  importApiKeys,
  newId,
  type OutputOf,
  type ParsedInputOf,
  type Principal,
  partnerOf,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import type { ApiKey } from './api-key.ts';
import { endOf, scopesOfNew } from './key-options.ts';

const MAX_PROBLEMS = 50;
/** How many ids an entry of the audit log names. */
const NOTED_IDS = 50;
type Imported = ParsedInputOf<typeof importApiKeys>['keys'][number];

@Controller()
export class ImportApiKeysHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /** All keys or none. A digest that is known already, of whichever partner, is named by its place in the list. */
  @HandleRequest(importApiKeys)
  import(
    { keys: given }: ParsedInputOf<typeof importApiKeys>,
    call: CallContext,
  ): Promise<OutputOf<typeof importApiKeys>> {
    const now = new Date();
    const keys = given.map((one) => keyOf(one, callerOf(call), actorOf(call), now));
    return this.database.transaction(async (tx) => {
      const stored = await this.keys.insertUnknown(tx, keys, partnerOf(call));
      const problems = keys.flatMap(({ digest }, at) =>
        stored.has(digest)
          ? []
          : [{ detail: 'a key with this digest exists already', pointer: `/keys/${at}/digest` }],
      );
      if (problems.length > 0)
        throw new AppError(API_KEY_TAKEN, { problems: problems.slice(0, MAX_PROBLEMS) });
      noteAct({
        after: { api_key_ids: keys.map(({ id }) => id).slice(0, NOTED_IDS), imported: keys.length },
      });
      return {
        object: 'api_key_import' as const,
        imported: keys.length,
        api_key_ids: keys.map(({ id }) => id),
      };
    });
  }
}

function keyOf(given: Imported, importer: Principal, importedBy: string, now: Date): ApiKey {
  const { name, mode, digest, last4, allowed_networks, limits } = given;
  return {
    ...{
      id: newId('apiKey'),
      name,
      mode,
      purpose: 'program',
      imported: true,
      digest,
      last4,
      allowed_networks,
      limits,
    },
    scopes: scopesOfNew(importer, given.scopes),
    created_by: importedBy,
    created_at: now,
    expires_at: endOf(given, now) ?? null,
    replaced_at: null,
    revoked_at: null,
    leaked_at: null,
  };
}
