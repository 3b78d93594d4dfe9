import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';

const cli = fileURLToPath(new URL('classify-cli.ts', import.meta.url));
const corpus = fileURLToPath(new URL('../test/errors-dev.jsonl', import.meta.url));

function run(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', cli, ...args], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

describe('npm run classify', () => {
  it('writes one verdict per line for a whole file, in less than two seconds', async () => {
    const startedAt = performance.now();
    const { code, out, err } = await run([corpus]);
    expect(performance.now() - startedAt).toBeLessThan(allowedMs(2_000));
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(readFileSync(corpus, 'utf8').trimEnd().split('\n').length);
    for (const line of lines)
      expect(Object.keys(line)).toEqual(['id', 'kind', 'transient', 'strategy', 'confidence', 'why']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('reads standard input', async () => {
    const { code, out } = await run(
      ['-'],
      '{"id":"a","error":{"message":"read ECONNRESET"},"dependency":"http"}\n\n',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: 'a', kind: 'connection_lost', transient: true });
  });

  it('names bad lines, continues with the others and ends with 1', async () => {
    const good = (id: string) => `{"id":"${id}","error":{"message":"x"}}`;
    const { code, out, err } = await run(
      ['-'],
      [good('a'), 'nonsense', '[]', '{"id":"b"}', good('c')].join('\r\n'),
    );
    expect(code).toBe(1);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['a', 'c']);
    expect(err).toMatch(/^CLASSIFY\.BAD_LINE line 2: not JSON/m);
    expect(err).toMatch(/^CLASSIFY\.BAD_LINE line 3: not an object/m);
    expect(err).toMatch(/^CLASSIFY\.BAD_LINE line 4: "error" must be/m);
  });

  it('prints a table of its score', async () => {
    const { code, out } = await run(['--score', corpus]);
    expect(code).toBe(0);
    expect(out).toMatch(/^strategy acceptable\s+\d+\/144\s+\d/m);
    expect(out).toMatch(/^strategy harmful\s+0\/144\s+0\.0%/m);
    expect(out).toMatch(/^tricky: kind/m);
  });

  it('names the problem with its arguments', async () => {
    expect(await run([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('CLASSIFY.USAGE') });
    expect(await run(['no-such-file'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('CLASSIFY.UNREADABLE no-such-file'),
    });
  });
});
