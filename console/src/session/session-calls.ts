import { portal } from '../api/portal.ts';

/** Sets the session's cookie: no page ever holds the token. */
export const startSession = (input: {
  readonly email: string;
  readonly password: string;
}): Promise<unknown> =>
  portal.call({ method: 'POST', path: '/v1/browser-sessions', idempotent: false, paged: false }, input);

/** Ends the session, and takes its cookie away. */
export const endSession = (): Promise<unknown> =>
  portal.call({ method: 'DELETE', path: '/v1/browser-sessions/current', idempotent: false, paged: false });
