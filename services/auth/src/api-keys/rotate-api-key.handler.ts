import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_ENDED,
  API_KEY_NOT_FOUND,
  API_KEY_NOT_ROTATABLE,
  AppError,
  actorOf,
  callerOf,
  credentialRevoked,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  rotateApiKey,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { type ApiKey, makeApiKey, presentApiKey } from './api-key.ts';
import { mustMayScopes } from './key-options.ts';

@Controller()
export class RotateApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /**
   * The new key works at once, with the name, mode, scopes and networks of the old one and for as long. The old key works until the overlap is over; without an overlap it ends at
   * once. Gateways remember a key for ten minutes at most, which is less than the shortest overlap, so they
   * learn its end in time.
   */
  @HandleRequest(rotateApiKey)
  rotate(
    { id, overlap_seconds: overlap }: ParsedInputOf<typeof rotateApiKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof rotateApiKey>> {
    const partnerId = partnerOf(call);
    return this.database.transaction(async (tx) => {
      const old = await this.keys.hold(tx, partnerId, id);
      // A foreign and a missing key give the same response, to the byte.
      if (!old) throw new AppError(API_KEY_NOT_FOUND);
      if (old.purpose === 'explorer') throw new AppError(API_KEY_NOT_ROTATABLE);
      const now = new Date();
      // A second successor would be a key that nobody requested.
      if (old.revoked_at || old.replaced_at || (old.expires_at && old.expires_at <= now))
        throw new AppError(API_KEY_ENDED);
      // The caller learns a secret that may do what the old key may.
      mustMayScopes(callerOf(call), old.scopes);
      const { key, secret } = makeApiKey(
        { ...optionsOf(old), expires_at: successorEnd(old, now) },
        actorOf(call),
      );
      await this.keys.insert(tx, key, partnerId);
      noteAct({ after: { successor: key.id } });
      const replaced = await this.#end(tx, partnerId, old, overlap, now);
      return {
        object: 'api_key_rotation' as const,
        api_key: { ...presentApiKey(key), key: secret },
        replaced: presentApiKey(replaced),
      };
    });
  }

  async #end(
    tx: Transaction,
    partnerId: string,
    old: ApiKey,
    overlapSeconds: number,
    now: Date,
  ): Promise<ApiKey> {
    if (overlapSeconds === 0) {
      await this.keys.update(tx, old, { replaced_at: now });
      await this.keys.revoke(tx, partnerId, old.id, now);
      tx.emit(credentialRevoked, { kind: 'api_key', id: old.id, digest: old.digest }, { partnerId });
      return { ...old, replaced_at: now, revoked_at: now };
    }
    const overlapEnd = new Date(now.getTime() + overlapSeconds * 1000);
    const expiresAt = old.expires_at && old.expires_at < overlapEnd ? old.expires_at : overlapEnd;
    return this.keys.update(tx, old, { replaced_at: now, expires_at: expiresAt });
  }
}

const optionsOf = ({ name, mode, scopes, allowed_networks, limits }: ApiKey) => ({
  name,
  mode,
  scopes,
  allowed_networks,
  limits,
});

/** A key that was made for ninety days is followed by one for ninety days. */
function successorEnd({ created_at: made, expires_at: end }: ApiKey, now: Date): Date | null {
  return end && new Date(now.getTime() + (end.getTime() - made.getTime()));
}
