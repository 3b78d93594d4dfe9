import type { IncomingMessage } from 'node:http';
import { newApiKey, newSessionToken } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { endedCookie, isLocal, readSessionCookie, sessionCookie } from './session-cookie.ts';

const request = (remoteAddress: string, host: string, cookie?: string) =>
  ({ socket: { remoteAddress }, headers: { host, cookie } }) as unknown as IncomingMessage;
const token = newSessionToken();

describe('the cookie of a session', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:8080', true],
    ['::1', '[::1]:8080', true],
    ['::ffff:127.0.0.1', 'localhost:8080', true],
    ['127.0.0.1', 'portal.example', false],
    ['127.0.0.1', 'localhost.evil.example', false],
    ['10.0.0.7', 'localhost', false],
    ['10.127.0.1', '127.0.0.1', false],
  ])('knows that %s calling %s is on this machine: %s', (peer, host, local) =>
    expect(isLocal(request(peer, host))).toBe(local),
  );

  it('is found among others, by the name for its connection', () => {
    const far = (cookie?: string) => readSessionCookie(request('10.0.0.7', 'portal.example', cookie));
    const near = (cookie?: string) => readSessionCookie(request('127.0.0.1', 'localhost:8080', cookie));
    expect(far(`theme=dark; __Host-session=${token}; a=b`)).toBe(token);
    expect(near(`a;session=${token}`)).toBe(token);
    expect(far(`session=${token}`)).toBeNull();
    expect(near(`__Host-session=${token}`)).toBeNull();
    expect(far(undefined)).toBeNull();
    expect(far('')).toBeNull();
    expect(far(`x__Host-session=${token}`)).toBeNull();
    expect(far(`__Host-session=${newApiKey('live')}`)).toBeNull();
    expect(far(`__Host-session=${'x'.repeat(10_000)}`)).toBeNull();
  });

  it('is Secure except on this machine, and no script can read it', () => {
    const endsAt = new Date(Date.now() + 3_600_000);
    expect(sessionCookie(request('10.0.0.7', 'portal.example'), token, endsAt)).toMatch(
      /^__Host-session=ses_\w{43}; Path=\/; Max-Age=(3600|3599); HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(sessionCookie(request('127.0.0.1', 'localhost'), token, endsAt)).toMatch(
      /^session=ses_\w{43}; Path=\/; Max-Age=(3600|3599); HttpOnly; SameSite=Lax$/,
    );
    expect(endedCookie(request('10.0.0.7', 'portal.example'))).toBe(
      '__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    );
  });
});
