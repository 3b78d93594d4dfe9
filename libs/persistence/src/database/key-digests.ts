import { AppError, IDEMPOTENCY_KEY_REUSED } from '@gridworks/contracts';
import { IdempotencySecrets } from './idempotency-secrets.ts';

export interface IdempotentCall {
  /**
   * The owner of the key and its operation: `<partner>:<operation>`. The same key in another scope is another
   * key.
   */
  readonly scope: string;
  /** The `Idempotency-Key` of the caller. */
  readonly key: string;
  /**
   * All parts of the request that decide about its effect, as plain JSON. The order of members does not
   * matter.
   */
  readonly request: unknown;
}

/**
 * The digests by which a call with a key is recognised again, for code that stores them outside of
 * PostgreSQL. Neither key nor request can be read from them.
 */
export function keyDigests({ scope, key, request }: IdempotentCall): { id: string; request: string } {
  const secrets = new IdempotencySecrets(scope, key);
  return { id: secrets.id, request: secrets.digest(canonicalJson(request)) };
}

/** Another request came under a key before. */
export function keyReused(): AppError {
  return new AppError(IDEMPOTENCY_KEY_REUSED, {
    detail: 'This idempotency key was used with another request before. Use a new key for a new request.',
  });
}

/** JSON with the members of every object in a fixed order. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) =>
      member && typeof member === 'object' && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? 'null'
  );
}
