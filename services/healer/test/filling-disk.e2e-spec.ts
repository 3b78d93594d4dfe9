import { existsSync, mkdirSync, statfsSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DISK_USE, type Incident, type Symptom, type Target } from '@gridworks/contracts';
import { eventually, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskRelief } from '../../../infra/local/src/disk/disk-relief.ts';
import { type Layout, layoutOf } from '../../../infra/local/src/files/layout.ts';
import { PlatformPort } from '../../../infra/local/src/platform/platform-port.ts';
import { Supervisor } from '../../../infra/local/src/supervise/supervisor.ts';
import { LocalSupervisor } from '../src/platform/local-supervisor.ts';
import { PLAYBOOK } from '../src/playbook/playbook.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

const auth: Target = { kind: 'service', name: 'auth', process: 'auth' };
const MB = 1_000_000;
/** No process has it. */
const DEAD_PID = 999_999_999;

const withDisk = noSmallDisk === null ? describe : describe.skip;

withDisk(`a disk that is filling (${noSmallDisk ?? 'a real one, and the real platform port'})`, () => {
  let disk: SmallDisk;
  let layout: Layout;
  let supervisor: Supervisor;
  let port: PlatformPort;
  let fixture: HealerFixture;
  let healer: RunningHealer;

  beforeEach(async () => {
    disk = new SmallDisk(32);
    layout = layoutOf(disk.folder, disk.folder);
    const { logs, state, socket, marker } = layout;
    supervisor = new Supervisor({ logs, state, marker, instance: async () => null });
    port = new PlatformPort(supervisor, 'secret', new DiskRelief(layout, supervisor.logRotation));
    await port.listen(socket);
    fixture = await HealerFixture.start();
    healer = await fixture.healer({
      platform: new LocalSupervisor(socket, 'secret'),
      diskFolders: [disk.folder],
      playbook: PLAYBOOK.map((rule) => ({
        ...rule,
        ladder: rule.ladder.map((rung) => ({
          ...rung,
          verifyTimeoutMs: Math.min(rung.verifyTimeoutMs, 3000),
        })),
      })),
    });
  }, 30_000);
  afterEach(async () => {
    await fixture?.stop();
    port?.close();
    await supervisor?.killAll();
    disk?.remove();
  }, 30_000);

  function make(path: string, bytes: number): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.alloc(bytes, 'x'));
    utimesSync(path, 1, 1);
    return path;
  }
  /** By another way than the code under test: what `df` says. */
  const used = () => {
    const { bavail, blocks } = statfsSync(disk.folder);
    return 1 - bavail / blocks;
  };
  const report = async (): Promise<Symptom> => {
    expect(used()).toBeGreaterThan(DISK_USE.filling);
    const firing = symptom('disk.filling', auth, { evidence: { used: '90 %', disk_folder: disk.folder } });
    await fixture.report(firing);
    return firing;
  };
  const clear = (firing: Symptom) =>
    fixture.report({ ...firing, state: 'cleared', observed_at: new Date().toISOString() });
  const only = (): Incident => {
    const incidents = fixture.incidents(healer);
    expect(incidents).toHaveLength(1);
    return incidents[0]!;
  };
  const has = (status: Incident['status']) =>
    eventually(() => expect(only().status).toBe(status), { timeoutMs: 20_000 });
  const steps = () => only().actions.map(({ remedy, state }) => `${remedy} ${state}`);

  it('gets room from what ended processes left, with one incident and one mail', async () => {
    const draft = make(join(layout.run, `ports.json.${DEAD_PID}.1.tmp`), 22 * MB);
    const data = make(join(layout.data.postgres, 'base'), 8 * MB);
    const firing = await report();
    await eventually(() => expect(used()).toBeLessThan(DISK_USE.eased), { timeoutMs: 10_000 });
    await clear(firing);
    await has('resolved');
    expect(existsSync(draft)).toBe(false);
    expect(existsSync(data)).toBe(true);
    expect(steps()).toEqual(['disk.remove-temporary-files done']);
    expect(only().actions[0]?.outcome).toBe(
      'The platform deleted 1 file that an ended process had left, which gave back 22 MB.',
    );
    await eventually(() => expect(fixture.smtp.messages).toHaveLength(1));
    expect(fixture.smtp.messages[0]?.subject).toContain(
      '[AUTO-RESOLVED] auth has little room left on its disk',
    );
  }, 40_000);

  it('is handed to a human with what takes the space when that is of somebody else, and nothing is deleted', async () => {
    const foreign = make(join(disk.folder, 'export.csv'), 25 * MB);
    const backup = make(join(layout.backups, 'backup-2026-11-29T00-00-00-000Z', 'data.tar.gz'), 4 * MB);
    const firing = await report();
    await has('escalated');
    expect(steps()).toEqual([
      'disk.remove-temporary-files failed',
      'disk.compress-logs failed',
      'disk.remove-old-logs failed',
      'page-human done',
    ]);
    expect(only().actions.at(-1)?.outcome).toMatch(
      /The incident is handed to an admin\. 8\d % of the 34 MB of the disk of .+ is used: export\.csv \(not of the portal\) 25 MB, backups 4\.0 MB/,
    );
    await eventually(() => expect(fixture.smtp.messages).toHaveLength(1));
    expect(fixture.smtp.messages[0]?.subject).toContain('[ACTION NEEDED]');
    expect(JSON.stringify(fixture.smtp.messages[0])).toContain('export.csv (not of the portal)');
    for (const path of [foreign, backup]) expect(existsSync(path)).toBe(true);
    // The human deletes it.
    writeFileSync(foreign, '');
    await clear(firing);
    await has('resolved');
    expect(fixture.smtp.messages).toHaveLength(1);
  }, 40_000);

  it('does not count as healed while the healer itself reads that it is full, whatever monitor says', async () => {
    make(join(disk.folder, 'export.csv'), 29 * MB);
    make(join(layout.run, `ports.json.${DEAD_PID}.1.tmp`), MB);
    const firing = await report();
    await eventually(() => expect(steps()).toContain('disk.remove-temporary-files done'));
    await clear(firing);
    await eventually(() => expect(steps()).toContain('page-human done'), { timeoutMs: 20_000 });
    const told = only().timeline.map(({ text }) => text);
    expect(told).toContainEqual(expect.stringMatching(/Not healthy: bad: \d+ % of the disk of .+ is used/));
  }, 40_000);
});
