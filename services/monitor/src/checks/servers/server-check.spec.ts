import { describe, expect, it } from '@jest/globals';
import { probeServer, type ServerCheck, SilentServerError } from './server-check.ts';

const TIMEOUT_MS = 800;
const probed = (check: ServerCheck) => probeServer(check, TIMEOUT_MS);

describe('probeServer', () => {
  it('returns the boot of a server that responds', async () => {
    expect(await probed({ name: 'redis', probe: async () => 'boot-1' })).toMatchObject({
      ok: true,
      boot: 'boot-1',
    });
  });

  it('distinguishes a refusal from a timeout', async () => {
    const refuses = probed({ name: 'redis', probe: () => Promise.reject(new Error('ECONNREFUSED')) });
    expect(await refuses).toMatchObject({ ok: false, timedOut: false, error: 'ECONNREFUSED' });
    let aborted = false;
    const hangs = probed({
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

  it.each([
    ['postgres', new Error('timeout expired'), true],
    ['postgres', new Error('Query read timeout'), true],
    ['redis', new SilentServerError('it accepts connections and does not respond'), true],
    [
      'nats',
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4222'), { code: 'ECONNREFUSED' }),
      false,
    ],
    ['redis', new Error('a reply that says: no answer'), false],
  ] as const)(
    'of %s: the kind of the error decides, however short the wait was: %s',
    async (name, error, timedOut) => {
      expect(await probed({ name, probe: () => Promise.reject(error) })).toMatchObject({
        ok: false,
        timedOut,
      });
    },
  );
});
