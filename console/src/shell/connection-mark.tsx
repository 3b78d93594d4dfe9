import type { ReactNode } from 'react';
import { type ConnectionState, useConnection } from '../live/connection.ts';
import { usePreferences } from '../ui/preferences.ts';
import { type Status, StatusMark } from '../ui/status-mark.tsx';
import { formatTime } from '../ui/times.ts';

const MARKS: Readonly<Record<Exclude<ConnectionState, 'idle'>, [Status, string]>> = {
  live: ['pass', 'Live'],
  connecting: ['unknown', 'Connecting'],
  lost: ['warn', 'Not live'],
  offline: ['fail', 'Offline'],
};

/** Shows whether the data follows the portal live, or since when it does not. */
export function ConnectionMark(): ReactNode {
  const { state, since } = useConnection();
  const zone = usePreferences((preferences) => preferences.zone);
  if (state === 'idle') return null;
  const [status, word] = MARKS[state];
  const isSince = state === 'lost' || state === 'offline';
  return (
    <span role="status" title={isSince ? `since ${new Date(since).toISOString()}` : undefined}>
      <StatusMark
        plain
        status={status}
        word={isSince ? `${word} since ${formatTime(new Date(since), zone)}` : word}
      />
    </span>
  );
}
