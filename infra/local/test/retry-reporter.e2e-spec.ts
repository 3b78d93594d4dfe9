import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'retries-')));
  const reporter = join(root, 'infra', 'local', 'src', 'commands', 'retry-reporter.ts');
  const config = {
    testMatch: ['**/*.test.js'],
    reporters: ['default', [reporter, { history: 'seen.json' }]],
  };
  writeFileSync(join(folder, 'jest.config.json'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'flaky.test.js'),
    `jest.retryTimes(1);
     let tries = 0;
     test('fails first', () => { if (process.env.FLAKY && ++tries === 1) throw new Error('not yet'); });
     test('is sound', () => {});`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function runJest(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { JEST_WORKER_ID: _, ...inherited } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', jest, '--runInBand'],
      { cwd: folder, env: { ...inherited, NODE_OPTIONS: '', CI: 'false', ...env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}
const history = () => JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
const NAME = 'flaky.test.js: fails first';

describe('npm test', () => {
  it("names tests that passed only in their second run, below Jest's own summary, and fails CI on the second time", async () => {
    const first = await runJest({ FLAKY: '1', CI: 'true' });
    expect(first.output).toMatch(/Tests: +2 passed, 2 total[\s\S]*Retries: +1 passed only in the second run/);
    expect(first.output).toContain(`${NAME} (1 in a row)`);
    expect(first.code).toBe(0);
    expect(history()).toEqual({ [NAME]: 1 });

    const second = await runJest({ FLAKY: '1', CI: 'true' });
    expect(second.output).toContain(`needed a second run twice in a row, fix them: ${NAME}`);
    expect(second.code).toBe(1);

    expect((await runJest({ FLAKY: '1' })).code).toBe(0);

    const sound = await runJest({ CI: 'true' });
    expect(sound.output).toMatch(/Tests: +2 passed, 2 total[\s\S]*Retries: +none/);
    expect(sound.code).toBe(0);
    expect(history()).toEqual({});
  });
});
