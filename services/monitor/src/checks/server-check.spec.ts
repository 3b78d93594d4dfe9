import { describe, expect, it } from '@jest/globals';
import { askServer } from './server-check.ts';

describe('askServer', () => {
  it('tells the boot of a server that answers', async () => {
    expect(await askServer({ name: 'redis', ask: async () => 'boot-1' })).toMatchObject({
      ok: true,
      boot: 'boot-1',
    });
  });

  it('tells a refusal from silence', async () => {
    const refuses = askServer({ name: 'redis', ask: () => Promise.reject(new Error('ECONNREFUSED')) });
    expect(await refuses).toMatchObject({ ok: false, timedOut: false, error: 'ECONNREFUSED' });
    let aborted = false;
    const hangs = askServer({
      name: 'redis',
      ask: (signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise(() => undefined);
      },
    });
    expect(await hangs).toMatchObject({ ok: false, timedOut: true });
    expect(aborted).toBe(true);
  });

  it.each(['timeout expired', 'Query read timeout', 'Redis did not answer within 250 ms'])(
    'takes "%s" for silence, however short our own wait was',
    async (message) => {
      const result = await askServer({ name: 'postgres', ask: () => Promise.reject(new Error(message)) });
      expect(result).toMatchObject({ ok: false, timedOut: true });
    },
  );
});
