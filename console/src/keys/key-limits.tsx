import type { ReactNode } from 'react';
import { plural } from '../ui/numbers.ts';

interface KeyLimitsProps {
  readonly scopes: readonly string[] | null;
  readonly networks: readonly string[];
  readonly imported: boolean;
}

/** In a few words what limits a key; nothing for a key without limits. */
export function KeyLimits({ scopes, networks, imported }: KeyLimitsProps): ReactNode {
  const words = [
    ...(imported ? ['imported'] : []),
    ...(scopes ? [scopes.join(', ')] : []),
    ...(networks.length > 0 ? [`from ${plural(networks.length, 'network')}`] : []),
  ];
  if (words.length === 0) return null;
  return <div className="mt-0.5 max-w-64 text-xs break-words text-faint">{words.join(' · ')}</div>;
}
