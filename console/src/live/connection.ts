import { create } from 'zustand';

/**
 * `live`: events arrive. `lost`: no events arrive, since `since`. `offline`: the browser has no network.
 * `idle`: no stream is open.
 */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'lost' | 'offline';

export interface Connection {
  readonly state: ConnectionState;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export const useConnection = create<Connection>(() => ({ state: 'idle', since: Date.now() }));

export function setConnection(state: ConnectionState): void {
  if (useConnection.getState().state !== state) useConnection.setState({ state, since: Date.now() });
}
