import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { PortalUnderTest } from '../../chaos/test/portal-under-test.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const [, text = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('## A walk in five lines\n');
/** The scripts of that section, as a person copies them. */
const [requests = '', commands = ''] = [...text.split('\n## ')[0]!.matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, script]) => script ?? '',
);

/** `npm` finds the Node of the test first, so that it needs no other one. */
function run(script: string): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync('sh', ['-eu', '-c', script], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { stdout, stderr };
}

describe('the walks of the README', () => {
  it('with a password: five lines for a shell lead to a counted call', async () => {
    const portal = await PortalUnderTest.start({});
    try {
      const script = requests.replaceAll('http://127.0.0.1:8080', portal.system.url);
      const { stdout, stderr } = run(`${script}\necho; echo $TOKEN`);
      expect(stderr).toBe('');
      expect(script.trim().split('\n')).toHaveLength(5);
      // The last line, again until a busy machine has counted the call.
      const token = stdout.trim().split('\n').at(-1);
      const last = script.trim().split('\n').at(-1);
      await eventually(() => expect(run(`TOKEN=${token}\n${last}`).stdout).toContain('"total_calls":1'), {
        timeoutMs: 30_000,
        everyMs: 500,
      });
    } finally {
      await portal.stop();
    }
  }, 180_000);

  it.each(commands.trim().split('\n'))(
    '%s leads to the first call',
    (command) => {
      const { stdout, stderr } = run(command);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^GET \/v1\/onboarding +200 {2}done: .*api_key, first_call$/m);
    },
    300_000,
  );

  it('are three', () => {
    expect(commands.trim().split('\n')).toEqual([
      'npm run --silent walk -- sso',
      'npm run --silent walk -- passkey',
    ]);
  });
});
