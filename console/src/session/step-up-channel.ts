/** Tells the other windows of this browser that the person has proved again who they are, in a window of its own. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('gridworks.step-up');

export function tellProved(): void {
  channel?.postMessage('proved');
  window.close();
}

/** Calls `listener` when a window tells so. Returns what stops it. */
export function onProved(listener: () => void): () => void {
  channel?.addEventListener('message', listener);
  return () => channel?.removeEventListener('message', listener);
}
