import type { ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { SCOPE_WORDS } from './scope-words.ts';

interface ScopeChoiceProps {
  readonly scopes: readonly (keyof typeof SCOPE_WORDS)[];
  /** What `register('scopes')` returns. */
  readonly field: UseFormRegisterReturn;
}

/** A box for each scope, with what it permits. */
export function ScopeChoice({ scopes, field }: ScopeChoiceProps): ReactNode {
  return scopes.map((scope) => (
    <label key={scope} className="flex items-start gap-2">
      <input type="checkbox" value={scope} className="mt-0.5 size-4 shrink-0 accent-(--accent)" {...field} />
      <span>
        {SCOPE_WORDS[scope]} <span className="font-mono text-xs whitespace-nowrap text-faint">{scope}</span>
      </span>
    </label>
  ));
}
