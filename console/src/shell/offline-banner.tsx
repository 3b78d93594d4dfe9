import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useBanner } from '../ui/banner.tsx';

/** Shows that the browser is offline. Queries pause and resume by themselves. */
export function OfflineBanner(): null {
  const isOnline = useSyncExternalStore(
    (onChange) => onlineManager.subscribe(onChange),
    () => onlineManager.isOnline(),
  );
  const text = 'You are offline. This page shows earlier data; it updates by itself when you are back.';
  useBanner('offline', 'unknown', isOnline ? null : text);
  return null;
}
