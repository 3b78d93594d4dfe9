import { useCallback, useEffect, useState } from 'react';
import { type ExplorerKey, explorerKeyOf, forgetExplorerKey } from './explorer-key.ts';

interface KeyState {
  readonly key: ExplorerKey | null;
  readonly error: unknown;
  /** The key to send with now; a new one when this one is about to end. */
  readonly take: () => Promise<ExplorerKey>;
  /** Makes another key in place of this one. */
  readonly renew: () => void;
}

/** The test key that the page fills in by itself. `isNeeded`: for an operation that takes keys, and no other. */
export function useExplorerKey(userId: string, isNeeded: boolean): KeyState {
  const [key, setKey] = useState<ExplorerKey | null>(null);
  const [error, setError] = useState<unknown>(null);
  const take = useCallback(async () => {
    setError(null);
    try {
      const made = await explorerKeyOf(userId);
      setKey(made);
      return made;
    } catch (reason) {
      setError(reason);
      throw reason;
    }
  }, [userId]);
  const start = useCallback(() => void take().catch(() => undefined), [take]);
  useEffect(() => {
    if (isNeeded) start();
  }, [isNeeded, start]);
  const renew = useCallback(() => {
    forgetExplorerKey();
    setKey(null);
    start();
  }, [start]);
  return { key, error, take, renew };
}
