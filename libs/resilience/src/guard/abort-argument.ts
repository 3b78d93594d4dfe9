export type SignalPlace = number | { readonly argument: number; readonly property: string };

/** The signal of one attempt in the place where the function expects it. */
export interface PlacedSignal {
  readonly args: readonly unknown[];
  abort(reason: unknown): void;
  /** The attempt has ended: releases the caller's signal. */
  release(): void;
}

/**
 * Copies the arguments with a signal of our own, which also aborts when the caller's signal in the same place
 * does.
 */
export function placeSignal(place: SignalPlace, args: readonly unknown[]): PlacedSignal {
  const controller = new AbortController();
  const placed = [...args];
  const index = typeof place === 'number' ? place : place.argument;
  const at = placed[index];
  let theirs: unknown = at;
  if (typeof place === 'number') placed[index] = controller.signal;
  else {
    theirs = (at as Record<string, unknown> | null | undefined)?.[place.property];
    placed[index] = { ...(at as object | undefined), [place.property]: controller.signal };
  }
  const callers = theirs instanceof AbortSignal ? theirs : undefined;
  const follow = () => controller.abort(callers?.reason);
  if (callers?.aborted) follow();
  else callers?.addEventListener('abort', follow, { once: true });
  return {
    args: placed,
    abort: (reason) => controller.abort(reason),
    release: () => callers?.removeEventListener('abort', follow),
  };
}
