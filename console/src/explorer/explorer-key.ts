import { type Api, api } from '../api/portal.ts';
import { onForgotten } from '../session/session.ts';

export type ExplorerKey = Awaited<ReturnType<Api['explorerKeys']['create']>>;

/** A key that ends so soon is replaced before it is used. */
const RENEW_BEFORE_MS = 60_000;

/** In the memory of this page alone: neither stored nor cached, and gone with the person. */
let held: { readonly userId: string; readonly made: Promise<ExplorerKey> } | null = null;
let endsAt = 0;

export function forgetExplorerKey(): void {
  held = null;
}
onForgotten(forgetExplorerKey);

/** The test key of this page, made when there is none or when it ends within a minute. */
export function explorerKeyOf(userId: string, now = Date.now()): Promise<ExplorerKey> {
  if (held?.userId === userId && now < endsAt - RENEW_BEFORE_MS) return held.made;
  const made = api.explorerKeys.create();
  const mine = { userId, made };
  held = mine;
  endsAt = Number.POSITIVE_INFINITY;
  made.then(
    ({ expires_at: at }) => {
      if (held === mine) endsAt = Date.parse(at ?? '') || 0;
    },
    () => {
      if (held === mine) held = null;
    },
  );
  return made;
}
