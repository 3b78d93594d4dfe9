import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { PortalUnderTest } from '../../chaos/test/portal-under-test.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** The scripts of a section, as a person copies them. */
function scriptsOf(section: string): string[] {
  const [, text = ''] = readme.split(`## ${section}\n`);
  return [...(text.split('\n## ')[0] ?? '').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, script]) => script ?? '',
  );
}
const [requests = '', commands = ''] = scriptsOf('A walk in five lines');
const [payment = '', invoiceCommand = ''] = scriptsOf('From sign-up to a paid invoice');

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
  it('with a password: five lines for a shell lead to a counted call, and eight more to a paid invoice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gridworks-walk-'));
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
      const files = { secrets: portal.system.layout.secrets, pdf: join(folder, 'invoice.pdf') };
      const more = payment
        .replaceAll('http://127.0.0.1:8080', portal.system.url)
        .replace('.local/secrets.json', files.secrets)
        .replace('-o invoice.pdf', `-o ${files.pdf}`);
      const paid = run(`TOKEN=${token}\n${more}`);
      expect(paid.stderr).toBe('');
      expect(more.trim().split('\n')).toHaveLength(8);
      expect(paid.stdout).toContain('"left":0');
      expect(readFileSync(files.pdf, 'latin1')).toMatch(/^%PDF-1\.7[\s\S]*%%EOF\s*$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await portal.stop();
    }
  }, 300_000);

  it.each(commands.trim().split('\n'))(
    '%s leads to the first call',
    (command) => {
      const { stdout, stderr } = run(command);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^GET \/v1\/onboarding +200 {2}done: .*api_key, first_call$/m);
    },
    300_000,
  );

  it('npm run walk -- invoice leads to a paid invoice, without a difference', () => {
    const { stdout, stderr } = run(invoiceCommand);
    expect(stderr).toBe('');
    const [, file = ''] = /the PDF is (.*)$/m.exec(stdout) ?? [];
    expect(readFileSync(file, 'latin1')).toMatch(/^%PDF-1\.7/);
    rmSync(file);
    expect(stdout).toMatch(/✓ .* with 25 units, 2 invoices: 0 differences/);
  }, 300_000);

  it('are three', () => {
    expect(commands.trim().split('\n')).toEqual([
      'npm run --silent walk -- sso',
      'npm run --silent walk -- passkey',
    ]);
  });
});
