import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { OAuthPayload, OAuthRecordRepository } from './oauth-record.repository.ts';

/** What the provider stores, in PostgreSQL, for one of its models. */
export class RecordAdapter implements Adapter {
  readonly #model: string;
  readonly #records: OAuthRecordRepository;

  constructor(model: string, records: OAuthRecordRepository) {
    this.#model = model;
    this.#records = records;
  }

  upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    return this.#records.upsert(this.#model, id, payload as OAuthPayload, expiresIn);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return (await this.#records.find(this.#model, id)) as AdapterPayload | undefined;
  }

  /** Only sessions are searched by it, and no session outlives its exchange: see `OAuthListener`. */
  async findByUid(): Promise<undefined> {
    return undefined;
  }

  /** There is no device flow. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  /**
   * Of two calls that use up a code or refresh token at the same time one is a replay, and the library sees none: it read both
   * before. The grant ends, as after a replay that comes later.
   */
  async consume(id: string): Promise<void> {
    const record = await this.#records.find(this.#model, id);
    if (await this.#records.consume(this.#model, id)) return;
    if (record?.grantId) await this.#records.endGrant(record.grantId);
    throw new errors.InvalidGrant('it was used already');
  }

  destroy(id: string): Promise<void> {
    return this.#model === 'Grant' ? this.#records.endGrant(id) : this.#records.destroy(this.#model, id);
  }

  /** Called when a code or refresh token was used twice, and when a refresh token is revoked. */
  revokeByGrantId(grantId: string): Promise<void> {
    return this.#records.endGrant(grantId);
  }
}
