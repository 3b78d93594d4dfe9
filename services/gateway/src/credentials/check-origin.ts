import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AppError, csrfTokenOf } from '@gridworks/contracts';
import { CROSS_SITE, CSRF_TOKEN_WRONG } from '../problems/gateway.errors.ts';
import { isLocal } from './session-cookie.ts';

type Head = Pick<IncomingMessage, 'headers' | 'socket'>;

/**
 * Whether a browser made this request for a page of this origin. `Sec-Fetch-Site` must be `same-origin`: other
 * ports of this host are `same-site`, and browsers send them the cookies. A browser without `Sec-Fetch-Site`
 * must name this origin in `Origin`.
 */
export function isOwnOrigin(request: Head): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  if (origin === undefined || host === undefined) return false;
  return origin === `https://${host}` || (origin === `http://${host}` && isLocal(request));
}

/** The origin of the page that made a request of this origin: `https://portal.example.com`. */
export function ownOrigin(request: Head): string | undefined {
  const { host } = request.headers;
  return host === undefined ? undefined : `${isLocal(request) ? 'http' : 'https'}://${host}`;
}

/** Throws `GATEWAY.CROSS_SITE` unless a page of this origin made the request. */
export function checkOrigin(request: Head): void {
  if (!isOwnOrigin(request)) throw new AppError(CROSS_SITE);
}

/** Throws `GATEWAY.CSRF_TOKEN` unless the request carries the token of this session. */
export function checkCsrfToken(request: Head, sessionDigest: string): void {
  const given = request.headers['csrf-token'];
  const right = csrfTokenOf(sessionDigest);
  const isRight =
    typeof given === 'string' &&
    given.length === right.length &&
    timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(right, 'latin1'));
  if (!isRight) throw new AppError(CSRF_TOKEN_WRONG);
}
