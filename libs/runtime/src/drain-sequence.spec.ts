import { createLogger } from '@gridworks/observability';
import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';
import { DrainSequence } from './drain-sequence.ts';

describe('DrainSequence', () => {
  const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });

  it('runs one step after another', async () => {
    const steps: string[] = [];
    const drain = new DrainSequence(logger);
    drain.add('slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      steps.push('slow');
    });
    drain.add('quick', () => void steps.push('quick'));
    expect(await drain.run(1000)).toBe(true);
    expect(steps).toEqual(['slow', 'quick']);
  });

  it('continues after a step that fails, and reports it', async () => {
    let closed = false;
    const drain = new DrainSequence(logger);
    drain.add('broken', () => {
      throw new Error('x');
    });
    drain.add('close', () => {
      closed = true;
    });
    expect(await drain.run(1000)).toBe(false);
    expect(closed).toBe(true);
  });

  it('gives up in time', async () => {
    const drain = new DrainSequence(logger);
    drain.add('endless', () => new Promise<void>(() => undefined));
    const started = performance.now();
    expect(await drain.run(50)).toBe(false);
    expect(performance.now() - started).toBeLessThan(allowedMs(1000));
  });
});
