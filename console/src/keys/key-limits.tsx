import type { ReactNode } from 'react';
import { plural } from '../ui/numbers.ts';
import type { KeyLimit } from './key-schemas.ts';

interface KeyLimitsProps {
  readonly scopes: readonly string[] | null;
  readonly networks: readonly string[];
  readonly imported: boolean;
  readonly limits: readonly KeyLimit[];
}

/** In a few words what limits a key; nothing for a key without limits. */
export function KeyLimits({ scopes, networks, imported, limits }: KeyLimitsProps): ReactNode {
  const words = [
    ...(imported ? ['imported'] : []),
    ...(scopes ? [scopes.join(', ')] : []),
    ...(networks.length > 0 ? [`from ${plural(networks.length, 'network')}`] : []),
    ...limits.map(limitWords),
  ];
  if (words.length === 0) return null;
  return <div className="mt-0.5 max-w-64 text-xs break-words text-faint">{words.join(' · ')}</div>;
}

const WINDOWS: Readonly<Record<number, string>> = {
  1: 'a second',
  60: 'a minute',
  3600: 'an hour',
  86400: 'a day',
};

const limitWords = ({ quota, window_s }: KeyLimit): string =>
  `at most ${quota.toLocaleString('en')} calls ${WINDOWS[window_s] ?? `in ${window_s} s`}`;
