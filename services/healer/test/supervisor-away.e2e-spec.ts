import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_CAPTURE_LIMITS } from '../src/captures/settle-captured.ts';
import { LocalSupervisor } from '../src/platform/local-supervisor.ts';
import { capture, captured } from './caught-errors.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';

/** The supervisor of `npm start`, over processes that do nothing. */
const PROGRAM = fileURLToPath(new URL('../../../infra/local/test/fixtures/run-portal.ts', import.meta.url));
const TOKEN = 'secret';

describe('a supervisor that is away', () => {
  let fixture: HealerFixture;
  let running: RunningHealer;
  let folder: string;
  let supervisor: ChildProcess;

  const startSupervisor = async (): Promise<void> => {
    const child = endWithTest(
      spawn(process.execPath, ['--conditions=source', '--no-warnings', PROGRAM, folder], {
        env: { PATH: process.env.PATH, FIXTURES: 'store' },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    supervisor = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`the supervisor has ended: ${output}`);
        expect(output).toMatch(/\bready\b/);
      },
      { timeoutMs: 40_000 },
    );
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gridworks-supervisor-'));
    [fixture] = await Promise.all([HealerFixture.start(), startSupervisor()]);
    running = await fixture.healer({
      platform: new LocalSupervisor(join(folder, 'run', 'platform.sock'), TOKEN),
      captures: { ...DEFAULT_CAPTURE_LIMITS, holdMs: 500, quietMs: 1000 },
    });
  }, 90_000);
  afterEach(async () => {
    const ended = once(supervisor, 'close');
    supervisor.kill('SIGTERM');
    await ended;
    await fixture.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('is one incident with the reason and one mail, until it responds again, however quiet it is meanwhile', async () => {
    const killed = once(supervisor, 'close');
    supervisor.kill('SIGKILL');
    await killed;
    const refused = capture({
      healed: 0,
      dependency: 'platform',
      kind: 'connection_refused',
      source: 'healer.platform.call',
    });
    await running.parts.captures.take(captured(refused, 'healer'));
    const ours = () => {
      const [incident, ...others] = fixture.incidents(running);
      expect(others).toEqual([]);
      expect(incident?.cause).toEqual({
        signal: 'platform.away',
        target: { kind: 'service', name: 'healer', process: 'healer' },
      });
      return incident!;
    };
    await eventually(() => expect(fixture.smtp.messages).toHaveLength(1), { timeoutMs: 30_000 });
    const [mail] = fixture.smtp.messages;
    expect(mail!.subject).toContain('[ACTION NEEDED] healer cannot reach the platform');
    expect(mail!.text).toContain('ECONNREFUSED');
    // What its own calls met is a part of it, so that their silence ends nothing.
    await eventually(() => expect(ours().errors).toMatchObject([{ source: 'healer.platform.call' }]), {
      timeoutMs: 20_000,
    });
    expect(ours()).toMatchObject({ status: 'escalated', resolved_at: null });

    await startSupervisor();
    await eventually(() => expect(ours()).toMatchObject({ status: 'resolved' }), { timeoutMs: 20_000 });
    expect(fixture.smtp.messages).toHaveLength(1);
  }, 120_000);
});
