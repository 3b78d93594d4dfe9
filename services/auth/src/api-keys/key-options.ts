import {
  ABOVE_OWN_ROLE,
  AppError,
  INVALID_INPUT,
  KEY_SCOPES,
  MAX_KEY_DAYS,
  mayDo,
  type Permission,
  type Principal,
} from '@gridworks/contracts';

const DAY_MS = 86_400_000;

/** The end of a key as a caller gives it. */
interface GivenExpiry {
  readonly expires_at?: string | null | undefined;
  readonly expires_in_days?: number | undefined;
}

/**
 * The scopes of a new key. Left out: all, for a maker who may do all that keys may do; else those of the maker.
 * Throws `AUTH.ABOVE_OWN_ROLE` when the maker may not do what the key may.
 */
export function scopesOfNew(maker: Principal, given: Permission[] | null | undefined): Permission[] | null {
  if (given !== undefined) {
    mustMayScopes(maker, given);
    return given;
  }
  const own = KEY_SCOPES.filter((scope) => mayDo(scope, maker));
  return own.length === KEY_SCOPES.length ? null : own;
}

/** Throws `AUTH.ABOVE_OWN_ROLE` unless a person may do all that these scopes permit. `null`: all scopes. */
export function mustMayScopes(person: Principal, scopes: readonly string[] | null): void {
  const missing = ((scopes ?? KEY_SCOPES) as readonly Permission[]).filter((scope) => !mayDo(scope, person));
  if (missing.length > 0)
    throw new AppError(ABOVE_OWN_ROLE, {
      detail: `You may not do this yourself, so you cannot give it to a key: ${missing.join(', ')}.`,
    });
}

/** What a key may do after a change and could not do before; `null`: everything. */
export function addedScopes(
  before: readonly string[] | null,
  after: readonly string[] | null,
): readonly string[] {
  const had = new Set(before ?? KEY_SCOPES);
  return (after ?? KEY_SCOPES).filter((scope) => !had.has(scope));
}

/**
 * When a key ends; null for no end, undefined when the caller says nothing. Throws `PLATFORM.INVALID_INPUT` for a
 * time that is over, or later than the longest life of a key.
 */
export function endOf(
  { expires_at: at, expires_in_days: days }: GivenExpiry,
  now: Date,
): Date | null | undefined {
  if (days !== undefined) return new Date(now.getTime() + days * DAY_MS);
  if (at === undefined || at === null) return at;
  const end = new Date(at);
  const refuse = (detail: string) =>
    new AppError(INVALID_INPUT, { detail, problems: [{ detail, pointer: '/expires_at' }] });
  if (end <= now) throw refuse('the key would have ended already');
  if (end.getTime() > now.getTime() + MAX_KEY_DAYS * DAY_MS)
    throw refuse(`the key would end more than ${MAX_KEY_DAYS} days from now`);
  return end;
}
