import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** How much memory this process may use, in bytes. */
export interface MemoryLimits {
  /**
   * Of the heap of JavaScript: at this use the process ends. It includes three young generations, so keep that small
   * (`--max-semi-space-size`) where the limit of the old one is: what lasts is in the old one.
   */
  readonly heap: number;
  /** Of the container, by its control group; null where there is none. At this use the system kills a process in it. */
  readonly container: number | null;
}

/** The limits of this process, which do not change while it runs. */
export function readMemoryLimits(): MemoryLimits {
  // Without a limit, the control group reports more than any machine has, or nothing.
  const container = process.constrainedMemory();
  return {
    heap: getHeapStatistics().heap_size_limit,
    container: container > 0 && container <= totalmem() ? container : null,
  };
}

/**
 * The use of memory as a share of the limit that is nearer, and that limit. Several processes may be in one container, so
 * a share by its limit may be less than what the container uses; it is never more.
 */
export function shareOfMemory(
  used: { readonly heapUsed: number; readonly resident: number },
  { heap, container }: MemoryLimits,
): { memoryShare: number; memoryLimitBytes: number } {
  const ofHeap = used.heapUsed / heap;
  const ofContainer = container === null ? 0 : used.resident / container;
  const round = (share: number) => Math.round(share * 10_000) / 10_000;
  return ofContainer > ofHeap
    ? { memoryShare: round(ofContainer), memoryLimitBytes: container as number }
    : { memoryShare: round(ofHeap), memoryLimitBytes: heap };
}
