import { useEffect } from 'react';

const dirty = new Set<symbol>();

/** Whether a form holds something that would be lost with the page. */
export const isAnyFormDirty = (): boolean => dirty.size > 0;

/** Marks the page as holding unsaved input: it is not reloaded by itself, and the browser asks before it is closed. */
export function useDirtyForm(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return;
    const mark = Symbol('form');
    dirty.add(mark);
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => {
      dirty.delete(mark);
      removeEventListener('beforeunload', ask);
    };
  }, [isDirty]);
}
