import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakePlatform, startFakePlatform } from '../../test/fake-platform.ts';
import { LocalSupervisor } from './local-supervisor.ts';

const operation = (operationId: string, epoch = 1) => ({ operationId, epoch, reason: 'a test' });

describe('the local supervisor’s platform port', () => {
  let platform: FakePlatform;
  beforeEach(async () => {
    platform = await startFakePlatform();
    platform.has('billing', 'postgres');
  });
  afterEach(() => platform.stop());
  const port = () => new LocalSupervisor(platform.socketPath, platform.token);

  it('lists processes', async () => {
    expect(await port().list()).toMatchObject([
      { name: 'billing', kind: 'service', state: 'running', restarts: 0 },
      { name: 'postgres', kind: 'server' },
    ]);
  });

  it('does the same operation once, and refuses an epoch that is outdated', async () => {
    expect(await port().restart('billing', operation('one', 5))).toMatchObject({
      name: 'billing',
      restarts: 1,
    });
    expect(await port().restart('billing', operation('one', 5))).toMatchObject({ restarts: 1 });
    await expect(port().restart('billing', operation('two', 4))).rejects.toMatchObject({ kind: 'fenced' });
    expect(platform.acts).toHaveLength(1);
  });

  it('replaces, and says when a process cannot be replaced', async () => {
    expect(await port().replace('billing', operation('one'))).toMatchObject({ name: 'billing' });
    expect(platform.acts).toMatchObject([{ process: 'billing', verb: 'replace' }]);
    platform.refuses = 'PLATFORM.CANNOT_REPLACE';
    await expect(port().replace('billing', operation('two'))).rejects.toMatchObject({ kind: 'unsupported' });
  });

  it('says what it does not know and who it does not believe', async () => {
    await expect(port().start('nobody', operation('one'))).rejects.toMatchObject({ kind: 'unknown-process' });
    const stranger = new LocalSupervisor(platform.socketPath, 'wrong');
    await expect(stranger.list()).rejects.toMatchObject({ kind: 'refused' });
    const nowhere = new LocalSupervisor(`${platform.socketPath}.none`, 'x');
    await expect(nowhere.list()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('retries, without acting twice, when the supervisor is just coming back', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'gridworks-platform-')), 'platform.sock');
    const lenient = new HealingEnvironment({ classify, fingerprint, random: () => 0.9 });
    const restarting = new LocalSupervisor(path, platform.token, lenient).restart(
      'billing',
      operation('one'),
    );
    const late = await startFakePlatform(path);
    late.has('billing');
    expect(await restarting).toMatchObject({ name: 'billing', restarts: 1 });
    expect(late.acts).toHaveLength(1);
    await late.stop();
    await rm(dirname(path), { recursive: true, force: true });
  });
});
