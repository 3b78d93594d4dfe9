import { useState } from 'react';

/** The secret behind `#token=` in the address of a page that was opened from a mail; null without one. */
export function useLinkToken(): string | null {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token'));
  return token;
}
