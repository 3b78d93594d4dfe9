import type { Api } from '../api/portal.ts';
import type { Status } from '../ui/status-mark.tsx';

/** An API key as in the list. */
export type KeyRow = Awaited<ReturnType<Api['apiKeys']['list']>>['data'][number];

/** The times that determine the state of a key. */
export interface KeyTimes {
  readonly expires_at?: string | null;
  readonly revoked_at: string | null;
  readonly replaced_at?: string | null;
}

export type KeyState = 'active' | 'ending' | 'expired' | 'revoked';
export const KEY_STATES: Readonly<Record<KeyState, { readonly word: string; readonly status: Status }>> = {
  active: { word: 'Active', status: 'pass' },
  ending: { word: 'Being replaced', status: 'warn' },
  expired: { word: 'Expired', status: 'unknown' },
  revoked: { word: 'Revoked', status: 'unknown' },
};

/** `ending`: another key replaced this key, which still works. Every other key is active until it expires. */
export function keyState({ expires_at, revoked_at, replaced_at }: KeyTimes, now = Date.now()): KeyState {
  if (revoked_at) return 'revoked';
  if (expires_at && Date.parse(expires_at) <= now) return 'expired';
  return replaced_at ? 'ending' : 'active';
}

/** How long a replaced key stays valid; the contract has the same four values. */
export const OVERLAPS = [
  { seconds: 0, label: 'Not at all: it ends now' },
  { seconds: 3600, label: '1 hour' },
  { seconds: 86_400, label: '24 hours' },
  { seconds: 604_800, label: '7 days' },
] as const;
