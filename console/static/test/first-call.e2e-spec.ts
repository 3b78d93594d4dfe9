import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUnderTest } from '../../../infra/chaos/test/portal-under-test.ts';

const GUIDE = join(import.meta.dirname, '../../../docs/guides/01-getting-started.md');

describe('the guide to the first call', () => {
  let portal: PortalUnderTest;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'first-call-'));
    portal = await PortalUnderTest.start({});
  }, 150_000);
  afterAll(async () => {
    await portal?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('leads to a counted call when its commands run unchanged', () => {
    const guide = readFileSync(GUIDE, 'utf8');
    const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text);
    expect(commands).toHaveLength(5);
    const script = join(folder, 'first-call.sh');
    writeFileSync(script, commands.join('\n').replaceAll('http://127.0.0.1:8080', portal.system.url));
    const { stdout, stderr } = spawnSync('sh', ['-eu', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('"total_calls":1');
  }, 60_000);
});
