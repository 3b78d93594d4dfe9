import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_ENDED,
  API_KEY_NOT_FOUND,
  API_KEY_NOT_ROTATABLE,
  AppError,
  actorOf,
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

@Controller()
export class RotateApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /**
   * The new key works at once. The old key works until the overlap is over; without an overlap it ends at
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
      // A key that expires was replaced already; a second successor would be a key that nobody requested.
      if (old.revoked_at || old.expires_at) throw new AppError(API_KEY_ENDED);
      const { key, secret } = makeApiKey(old.name, old.mode, actorOf(call));
      await this.keys.insert(tx, key, partnerId);
      noteAct({ after: { successor: key.id } });
      const replaced = await this.#end(tx, partnerId, old, overlap);
      return {
        object: 'api_key_rotation' as const,
        api_key: { ...presentApiKey(key), key: secret },
        replaced: presentApiKey(replaced),
      };
    });
  }

  async #end(tx: Transaction, partnerId: string, old: ApiKey, overlapSeconds: number): Promise<ApiKey> {
    const now = new Date();
    if (overlapSeconds === 0) {
      await this.keys.revoke(tx, partnerId, old.id, now);
      tx.emit(credentialRevoked, { kind: 'api_key', id: old.id, digest: old.digest }, { partnerId });
      return { ...old, revoked_at: now };
    }
    const expiresAt = new Date(now.getTime() + overlapSeconds * 1000);
    await this.keys.expire(tx, old.id, expiresAt);
    return { ...old, expires_at: expiresAt };
  }
}
