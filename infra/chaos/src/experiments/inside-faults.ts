/**
 * A fault inside a process: code that is run in it, or a change of objects of it, and what that does. It ends with the
 * process. See `evaluateIn` and `changeObjectsIn`.
 */
export type InsideFault = { readonly does: string } & (
  | { readonly code: string }
  | { readonly change: string }
);

/** By experiment. Each is a real fault of the unmodified process. */
export const INSIDE_FAULTS = {
  'event-loop-block': {
    does: 'blocks of the event loop of 1.5 s, with 0.4 s between them,',
    code: `const block = () => {
        for (const end = Date.now() + 1500; Date.now() < end; );
        setTimeout(block, 400);
      };
      setTimeout(block, 200);`,
  },
  'cpu-burn': {
    does: 'a computation in slices of 160 ms, with 30 ms between them, that never ends,',
    code: `const slice = () => {
        for (const end = Date.now() + 160; Date.now() < end; );
        setTimeout(slice, 30);
      };
      setTimeout(slice, 200);`,
  },
  'memory-leak': {
    does: 'a leak of 8 MB a second',
    // 2 MB every 250 ms, in arrays of numbers: on the heap, and never given back.
    code: `const kept = (globalThis.kept ??= []);
      setInterval(() => kept.push(new Array(262_144).fill(0.5 + kept.length)), 250);`,
  },
  'consumer-stall': {
    does: 'handlers of its usage events that never end',
    // The options of its consumer, recognised by what they hold.
    change: `function () {
      const consumers = this.filter((one) => 'settle' in one && 'inboxPrefix' in one && one.name === 'billing_record-usage');
      for (const one of consumers) one.settle = () => new Promise(() => undefined);
      return consumers.length;
    }`,
  },
} as const satisfies Record<string, InsideFault>;

export const insideFault = (experiment: string): InsideFault | undefined =>
  Object.hasOwn(INSIDE_FAULTS, experiment)
    ? INSIDE_FAULTS[experiment as keyof typeof INSIDE_FAULTS]
    : undefined;
