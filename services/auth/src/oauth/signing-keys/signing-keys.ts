import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Database, type Transaction } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { SecretBox } from '../../second-factors/totp/secret-box.ts';
import { activeKeyOf, makeKeyPair, retirementAfter, type SigningKey } from './signing-key.ts';

interface KeyConfig {
  /** How long a new key is published before it signs. */
  readonly AUTH_SIGNING_KEY_LEAD_S?: number;
}

/** A key with both halves, in memory. */
export interface LoadedKey extends Pick<SigningKey, 'kid' | 'created_at' | 'activates_at' | 'retires_at'> {
  readonly publicKey: KeyObject;
  readonly privateJwk: JsonWebKey;
}

/** The keys at one moment. */
export interface KeySet {
  /** The keys that are published. */
  readonly keys: readonly LoadedKey[];
  /** The one that signs. */
  readonly active: LoadedKey;
}

const DEFAULT_LEAD_S = 600;
/** How long keys are used without a look at the table: much less than the lead of a new key. */
const FRESH_MS = 5_000;
/** The least time between two looks because of a `kid` that is not known. */
const UNKNOWN_KID_MS = 1_000;

/**
 * The keys that sign access tokens and ID tokens. They are in PostgreSQL, their private halves sealed, so that every
 * instance signs with the same key and publishes the same JWKS. The first key is made when one is needed.
 */
@Injectable()
export class SigningKeys {
  #loaded: Promise<readonly LoadedKey[]> | null = null;
  #loadedAt = 0;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: KeyConfig,
  ) {}

  async current(): Promise<KeySet> {
    const keys = await this.#load(FRESH_MS);
    const now = new Date();
    const published = keys.filter(({ retires_at: end }) => end === null || end > now);
    return { keys: published, active: activeKeyOf(published, now) };
  }

  /** The published key with this `kid`; null for an unknown one. A forged `kid` costs one look at the table a second. */
  async find(kid: string): Promise<LoadedKey | null> {
    const byKid = (keys: readonly LoadedKey[]) =>
      keys.find((key) => key.kid === kid && (key.retires_at === null || key.retires_at > new Date()));
    const known = byKid(await this.#load(FRESH_MS));
    return known ?? byKid(await this.#load(UNKNOWN_KID_MS)) ?? null;
  }

  /**
   * Publishes another key, which signs when the lead is over; the keys before retire when their last tokens have ended.
   * With `unlessNewerThan` nothing happens when the newest key is younger.
   */
  async rotate(tx: Transaction, now: Date, unlessNewerThan?: Date): Promise<SigningKey> {
    await tx.manager.query(`select pg_advisory_xact_lock(hashtext('auth signing keys'))`);
    const present = await tx.manager.query<SigningKey[]>(
      'select * from signing_keys order by created_at desc',
    );
    const newest = present[0];
    if (newest && unlessNewerThan && newest.created_at > unlessNewerThan) return newest;
    const { kid, publicJwk, privateJwk } = makeKeyPair();
    const leadMs = newest ? (this.config.AUTH_SIGNING_KEY_LEAD_S ?? DEFAULT_LEAD_S) * 1000 : 0;
    const key: SigningKey = {
      kid,
      public_jwk: publicJwk,
      private_key: this.box.seal(JSON.stringify(privateJwk), kid),
      created_at: now,
      activates_at: new Date(now.getTime() + leadMs),
      retires_at: null,
    };
    await tx.manager.query('update signing_keys set retires_at = $1 where retires_at is null', [
      retirementAfter(key.activates_at),
    ]);
    await tx.manager.query(
      `insert into signing_keys (kid, public_jwk, private_key, created_at, activates_at) values ($1, $2, $3, $4, $5)`,
      [key.kid, JSON.stringify(key.public_jwk), key.private_key, key.created_at, key.activates_at],
    );
    this.#loadedAt = 0;
    return key;
  }

  /** Seals private halves of other secret keys than the current one anew. Returns how many. */
  async reseal(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.manager.query<SigningKey[]>('select * from signing_keys for update');
      const old = rows.filter(({ private_key }) => !this.box.isCurrent(private_key));
      for (const { kid, private_key } of old)
        await tx.manager.query('update signing_keys set private_key = $2 where kid = $1', [
          kid,
          this.box.seal(this.box.open(private_key, kid), kid),
        ]);
      return old.length;
    });
  }

  #load(freshMs: number): Promise<readonly LoadedKey[]> {
    if (this.#loaded && Date.now() - this.#loadedAt < freshMs) return this.#loaded;
    this.#loadedAt = Date.now();
    const loading = this.#read();
    // A failed look is made again by the next caller.
    loading.catch(() => {
      if (this.#loaded === loading) this.#loaded = null;
    });
    this.#loaded = loading;
    return loading;
  }

  async #read(): Promise<readonly LoadedKey[]> {
    const sql =
      'select * from signing_keys where retires_at is null or retires_at > now() order by created_at';
    const rows = await this.database.read((manager) => manager.query<SigningKey[]>(sql));
    const keys = rows.flatMap((row) => this.#open(row));
    if (keys.some(({ retires_at }) => retires_at === null)) return keys;
    // The first key of all, or the first since AUTH_SECRET_KEYS was lost. Another instance may make it now.
    const isFirst = rows.length === 0;
    const made = await this.database.transaction((tx) =>
      this.rotate(tx, new Date(), isFirst ? new Date(0) : undefined),
    );
    this.#loadedAt = Date.now();
    return [...keys, ...this.#open(made)];
  }

  /** Nothing for a key that was sealed with a secret key which is no longer configured; the upkeep reports that. */
  #open(row: SigningKey): LoadedKey[] {
    try {
      return [
        {
          ...{ kid: row.kid, created_at: row.created_at },
          ...{ activates_at: row.activates_at, retires_at: row.retires_at },
          publicKey: createPublicKey({ key: row.public_jwk, format: 'jwk' }),
          privateJwk: JSON.parse(this.box.open(row.private_key, row.kid)) as JsonWebKey,
        },
      ];
    } catch {
      return [];
    }
  }
}
