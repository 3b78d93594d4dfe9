import type { DependencyProbe } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import { ProbeWatch } from './probe-watch.ts';

function probe(check: (signal: AbortSignal) => Promise<void>): DependencyProbe {
  return {
    name: 'postgres',
    critical: true,
    check,
    connectionsLost: () => 0,
    boot: () => null,
    reset: async () => undefined,
    degraded: () => null,
  };
}

describe('ProbeWatch', () => {
  it('is unknown before the first check, then has the result of the last one', async () => {
    let responses = true;
    const watch = new ProbeWatch(
      probe(async () => {
        if (!responses) throw new Error('connection refused');
      }),
    );
    expect(watch.status).toBe('unknown');
    await watch.check();
    expect(watch).toMatchObject({ status: 'up', detail: null });
    expect(watch.latencyMs).toBeGreaterThanOrEqual(0);
    responses = false;
    await watch.check();
    expect(watch).toMatchObject({ status: 'down', detail: 'connection refused' });
  });

  it('gives up a check after its time, aborts the probe, and does not check again until the probe has ended', async () => {
    let requested = 0;
    let aborted = false;
    let result = () => {};
    const watch = new ProbeWatch(
      probe((signal) => {
        requested++;
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise((resolve) => {
          result = resolve;
        });
      }),
      20,
    );
    await watch.check();
    expect(watch).toMatchObject({ status: 'down', detail: 'no response within 20 ms' });
    expect(aborted).toBe(true);
    await watch.check();
    await watch.check();
    expect(requested).toBe(1);
    result();
    await new Promise((resolve) => setImmediate(resolve));
    expect(watch.status).toBe('down'); // too late to count
    void watch.check();
    expect(requested).toBe(2);
    result();
  });

  it('does not report a dependency as down when the process itself was held up', async () => {
    const watch = new ProbeWatch(
      probe(() => new Promise(() => undefined)),
      20,
    );
    watch.status = 'up';
    const checking = watch.check();
    const until = performance.now() + 600;
    while (performance.now() < until); // the event loop stands still, as after SIGSTOP
    await checking;
    expect(watch.status).toBe('up');
  });

  it('treats a probe that throws at once as down', async () => {
    const watch = new ProbeWatch(
      probe(() => {
        throw new Error('broken probe');
      }),
    );
    await watch.check();
    expect(watch).toMatchObject({ status: 'down', detail: 'broken probe' });
  });
});
