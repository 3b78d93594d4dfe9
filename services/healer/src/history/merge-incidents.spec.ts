import type { Incident } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { mergeIncidents, type ReadHistory } from './merge-incidents.ts';

const incident = (id: string): Incident => ({ id }) as Incident;

/** The history as PostgreSQL returns it, and how often it was read. */
function historyOf(ids: readonly string[]) {
  const requested: Parameters<ReadHistory>[0][] = [];
  const read: ReadHistory = async (range) => {
    requested.push(range);
    const { above, below, without, oldestFirst, limit } = range;
    const found = ids
      .filter((id) => (above === null || id > above) && (below === null || id < below))
      .filter((id) => !without.includes(id))
      .sort();
    return (oldestFirst ? found : found.reverse()).slice(0, limit).map(incident);
  };
  return { requested, read };
}

async function page(
  live: readonly string[],
  history: readonly string[],
  {
    after = null,
    before = null,
    limit = 100,
  }: { after?: string | null; before?: string | null; limit?: number } = {},
) {
  const { requested, read } = historyOf(history);
  const found = await mergeIncidents(live.map(incident), { after, before, status: null }, limit, read);
  return { ids: found.map(({ id }) => id), requested: requested.length };
}

describe('the list of live incidents and history', () => {
  it('has each once, newest first, with one question to history', async () => {
    const { ids, requested } = await page(['g', 'e', 'd'], ['a', 'b', 'd', 'f', 'g', 'h']);
    expect(ids).toEqual(['h', 'g', 'f', 'e', 'd', 'b', 'a']);
    expect(requested).toBe(1);
  });

  it('is what history knows when nothing is live, as after the bus lost everything', async () => {
    expect((await page([], ['a', 'c', 'b'])).ids).toEqual(['c', 'b', 'a']);
    expect((await page([], ['a', 'c', 'b'], { after: 'b' })).ids).toEqual(['a']);
    expect((await page([], ['a', 'c', 'b'], { before: 'b' })).ids).toEqual(['c']);
  });

  it('keeps the order of live ones that is not the order of their ids', async () => {
    // `b` was held back, and became public after `d`.
    const live = ['f', 'b', 'd', 'a'];
    expect((await page(live, ['c', 'e', 'A'])).ids).toEqual(['f', 'c', 'b', 'e', 'd', 'a', 'A']);
  });

  it('gives every item once in both directions, from any cursor, for any page size', async () => {
    const letters = [...'abcdefghijklmnop'];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 60; round++) {
      const live = letters.filter(() => random(2) === 0);
      // Some became public late.
      for (let i = 0; i < 2 && live.length > 1; i++)
        live.splice(random(live.length), 0, ...live.splice(random(live.length), 1));
      live.reverse();
      const history = letters.filter(() => random(3) > 0);
      const whole = (await page(live, history)).ids;
      expect([...whole].sort()).toEqual([...new Set([...live, ...history])].sort());
      expect(whole.filter((id) => live.includes(id))).toEqual(live);
      for (const limit of [1, 2, 3, 5]) {
        for (const [at, cursor] of whole.entries()) {
          expect((await page(live, history, { after: cursor, limit })).ids).toEqual(
            whole.slice(at + 1, at + 1 + limit),
          );
          expect((await page(live, history, { before: cursor, limit })).ids).toEqual(
            whole.slice(0, at).reverse().slice(0, limit),
          );
        }
      }
    }
  });

  it('keeps the place of a cursor whose incident leaves the live state', async () => {
    const before = await page(['e', 'd', 'b'], ['a', 'c'], { before: 'd' });
    const after = await page(['e', 'b'], ['a', 'c', 'd'], { before: 'd' });
    expect(before.ids).toEqual(['e']);
    expect(after.ids).toEqual(before.ids);
    expect((await page(['e', 'b'], ['a', 'c'], { after: 'd' })).ids).toEqual(['c', 'b', 'a']);
  });
});
