import type { ReactNode } from 'react';
import { Moment } from '../ui/moment.tsx';
import { plural } from '../ui/numbers.ts';
import type { KeyRow } from './key-state.ts';

/** The last use of the key, which a person must know before ending the key. */
export function LastUse({ apiKey }: { readonly apiKey: KeyRow }): ReactNode {
  const { calls, last_used_at } = apiKey;
  if (calls === null) return <p className="text-warn">▲ It is not known right now when it was last used.</p>;
  if (!last_used_at) return <p>It was never used.</p>;
  return (
    <p className="font-medium text-text">
      Last used <Moment at={last_used_at} relative />, {plural(calls.total, 'call')} in 30 days.
    </p>
  );
}
