import { afterEach, describe, expect, it } from '@jest/globals';
import { DemoSessions } from './demo-sessions.ts';

describe('the demo sessions of a process', () => {
  const sessions = new DemoSessions();
  afterEach(() => sessions.onApplicationShutdown());

  it('are at most three for a network; a refusal contains the time to wait', () => {
    for (let i = 0; i < 3; i++) sessions.open('192.0.2.1');
    const refused = (): unknown => {
      try {
        return sessions.open('192.0.2.1');
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toMatchObject({ code: 'BILLING.TOO_MANY_DEMO_SESSIONS', kind: 'rate_limited' });
    expect((refused() as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(100_000);
    expect(sessions.open('192.0.2.2').read().status).toBe('ready');
  });

  it('are at most twenty in all', () => {
    for (let i = 0; i < 20; i++) sessions.open(`192.0.2.${i}`);
    expect(() => sessions.open('198.51.100.1')).toThrow('All places of the demo are taken');
  });

  it('are gone after a shutdown', async () => {
    const { id } = sessions.open('192.0.2.1');
    await sessions.onApplicationShutdown();
    expect(() => sessions.get(id)).toThrow('There is no such demo session');
  });
});
