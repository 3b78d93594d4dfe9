/** A fault inside a process: code that is run in it, and what the code does. It ends with the process. */
export interface InsideFault {
  readonly does: string;
  readonly code: string;
}

/** By experiment. Each is a real fault of the unmodified process. */
export const INSIDE_FAULTS: Readonly<Record<string, InsideFault>> = {
  'memory-leak': {
    does: 'a leak of 8 MB a second',
    // 2 MB every 250 ms, in arrays of numbers: on the heap, and never given back.
    code: `const kept = (globalThis.kept ??= []);
      setInterval(() => kept.push(new Array(262_144).fill(0.5 + kept.length)), 250);`,
  },
};
