import { cpuUsage, getActiveResourcesInfo, memoryUsage } from 'node:process';
import { readMemoryLimits, shareOfMemory } from './memory-limits.ts';

/** What the process uses. */
export interface ProcessFigures {
  /** Processor time as a share of one processor; undefined until a second has passed. */
  readonly cpuShare: number | undefined;
  /** Share of the time in which the event loop was not idle; undefined until a second has passed. */
  readonly eventLoopUse: number | undefined;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  /** The share of the memory that the process may use, by the limit that is nearer, and that limit. */
  readonly memoryShare: number;
  readonly memoryLimitBytes: number;
  readonly openHandles: number;
}

/** Readings closer together than this say little about the processor. */
const LEAST_MS = 500;

/** Measures what this process uses. A reading costs about 15 µs, nearly all of it for the resident memory. */
export class ProcessMeter {
  #cpu = cpuUsage();
  #at = performance.now();
  #cpuShare: number | undefined;
  #loop = performance.eventLoopUtilization();
  #loopUse: number | undefined;
  readonly #limits = readMemoryLimits();

  /** The use now; the processor's since the reading before. */
  read(): ProcessFigures {
    const { rss, heapUsed } = memoryUsage();
    const now = performance.now();
    if (now - this.#at >= LEAST_MS) {
      const { user, system } = cpuUsage();
      const usedMs = (user + system - this.#cpu.user - this.#cpu.system) / 1000;
      this.#cpuShare = Math.round((usedMs / (now - this.#at)) * 1000) / 1000;
      this.#cpu = { user, system };
      this.#at = now;
      const loop = performance.eventLoopUtilization();
      this.#loopUse =
        Math.round(performance.eventLoopUtilization(loop, this.#loop).utilization * 1000) / 1000;
      this.#loop = loop;
    }
    return {
      cpuShare: this.#cpuShare,
      eventLoopUse: this.#loopUse,
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      ...shareOfMemory({ heapUsed, resident: rss }, this.#limits),
      openHandles: getActiveResourcesInfo().length,
    };
  }
}
