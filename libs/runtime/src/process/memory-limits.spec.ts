import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { readMemoryLimits, shareOfMemory } from './memory-limits.ts';

const MB = 1024 * 1024;

describe('the limits of memory', () => {
  it('are those of the heap and of the container, of which the nearer one counts', () => {
    const used = { heapUsed: 100 * MB, resident: 300 * MB };
    expect(shareOfMemory(used, { heap: 400 * MB, container: null })).toEqual({
      memoryShare: 0.25,
      memoryLimitBytes: 400 * MB,
    });
    expect(shareOfMemory(used, { heap: 400 * MB, container: 500 * MB })).toEqual({
      memoryShare: 0.6,
      memoryLimitBytes: 500 * MB,
    });
  });

  it('follow the limit that the process was started with', () => {
    expect(readMemoryLimits().heap).toBeGreaterThan(64 * MB);
    const file = new URL('./memory-limits.ts', import.meta.url).href;
    const print = `import(${JSON.stringify(file)}).then((m) => console.log(m.readMemoryLimits().heap))`;
    const limit = Number(
      execFileSync(process.execPath, ['--max-old-space-size=300', '--max-semi-space-size=2', '-e', print], {
        env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' },
      }),
    );
    expect(limit).toBeGreaterThanOrEqual(300 * MB);
    expect(limit).toBeLessThan(400 * MB);
  });
});
