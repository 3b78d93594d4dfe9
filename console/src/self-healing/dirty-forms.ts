import { useEffect } from 'react';

const dirty = new Set<symbol>();

/** Whether a form has input that would be lost with the page. */
export const isAnyFormDirty = (): boolean => dirty.size > 0;

/**
 * Marks the page as having unsaved input: it is not reloaded automatically, and the browser warns before it
 * is closed.
 */
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
