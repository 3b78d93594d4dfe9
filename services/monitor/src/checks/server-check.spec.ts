import { describe, expect, it } from '@jest/globals';
import { probeServer } from './server-check.ts';

describe('probeServer', () => {
  it('returns the boot of a server that responds', async () => {
    expect(await probeServer({ name: 'redis', probe: async () => 'boot-1' })).toMatchObject({
      ok: true,
      boot: 'boot-1',
    });
  });

  it('distinguishes a refusal from a timeout', async () => {
    const refuses = probeServer({ name: 'redis', probe: () => Promise.reject(new Error('ECONNREFUSED')) });
    expect(await refuses).toMatchObject({ ok: false, timedOut: false, error: 'ECONNREFUSED' });
    let aborted = false;
    const hangs = probeServer({
      name: 'redis',
      probe: (signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise(() => undefined);
      },
    });
    expect(await hangs).toMatchObject({ ok: false, timedOut: true });
    expect(aborted).toBe(true);
  });

  it.each(['timeout expired', 'Query read timeout', 'Redis did not respond within 250 ms'])(
    'takes "%s" for silence, however short our own wait was',
    async (message) => {
      const result = await probeServer({ name: 'postgres', probe: () => Promise.reject(new Error(message)) });
      expect(result).toMatchObject({ ok: false, timedOut: true });
    },
  );
});
