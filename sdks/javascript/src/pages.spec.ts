import { describe, expect, it } from '@jest/globals';
import { type Page, PagedList } from './pages.ts';

const rows = Array.from({ length: 25 }, (_, n) => ({ id: `tic_${n}` }));
const list = (asked: unknown[], limit = 10) =>
  new PagedList<{ id: string }>(
    async (input) => {
      asked.push(input);
      const from = rows.findIndex(({ id }) => id === input.starting_after) + 1;
      const data = rows.slice(from, from + limit);
      return {
        object: 'list',
        url: '/v1/tickets',
        has_more: from + limit < rows.length,
        data,
      } satisfies Page<{ id: string }>;
    },
    { status: 'open' },
  );

describe('PagedList', () => {
  it('resolves with its first page when awaited, by one request', async () => {
    const asked: unknown[] = [];
    const page = await list(asked);
    expect(page.data).toHaveLength(10);
    expect(asked).toEqual([{ status: 'open' }]);
  });

  it('iterates over every row, one page at a time, under the same filter', async () => {
    const asked: unknown[] = [];
    const seen: string[] = [];
    for await (const { id } of list(asked)) seen.push(id);
    expect(seen).toEqual(rows.map(({ id }) => id));
    expect(asked).toEqual([
      { status: 'open' },
      { status: 'open', starting_after: 'tic_9', ending_before: undefined },
      { status: 'open', starting_after: 'tic_19', ending_before: undefined },
    ]);
  });

  it('reads no further than the iteration goes', async () => {
    const asked: unknown[] = [];
    for await (const { id } of list(asked)) if (id === 'tic_3') break;
    expect(asked).toHaveLength(1);
  });

  it('rejects with the error of the read', async () => {
    const broken = new PagedList(async () => Promise.reject(new Error('away')));
    await expect(broken).rejects.toThrow('away');
  });
});
