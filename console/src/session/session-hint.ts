const NAME = 'gridworks.session';

/**
 * Whether this browser may have a session. No script can read the session cookie. The hint is no secret and decides nothing: it
 * only saves a request that the portal would answer with 401.
 */
export function hasSessionHint(): boolean {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    // Storage is forbidden: the request tells.
    return true;
  }
}

/** Sets or removes the hint. */
export function keepSessionHint(hasSession: boolean): void {
  try {
    if (hasSession) localStorage.setItem(NAME, '1');
    else localStorage.removeItem(NAME);
  } catch {
    // Storage is forbidden: `hasSessionHint` is true then.
  }
}
