interface Compared {
  /** How many samples of each. */
  readonly samples: number;
  readonly one: (index: number) => Promise<unknown>;
  readonly other: (index: number) => Promise<unknown>;
}

/**
 * Runs two works in turns, in a random order, and compares how long they take: the ratio of their medians, and the share of
 * pairs in which the first takes longer (0.5 for equal distributions; Mann-Whitney).
 */
export async function compareTimes({
  samples,
  one,
  other,
}: Compared): Promise<{ ratio: number; overlap: number }> {
  const [first, second]: [number[], number[]] = [[], []];
  const timed = async (times: number[], work: () => Promise<unknown>) => {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  };
  // The first calls of a process are slower.
  for (let i = 0; i < 5; i++) {
    await one(i);
    await other(i);
  }
  for (let i = 0; i < samples; i++) {
    const turns = [() => timed(first, () => one(i)), () => timed(second, () => other(i))];
    if (Math.random() < 0.5) turns.reverse();
    for (const turn of turns) await turn();
  }
  let longer = 0;
  for (const a of first) for (const b of second) longer += a > b ? 1 : a === b ? 0.5 : 0;
  return { ratio: median(first) / median(second), overlap: longer / (samples * samples) };
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
