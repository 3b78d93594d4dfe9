import type { SearchEntry } from './search-index.ts';

const MOST = 12;

/**
 * Entries that contain every word of the query, best first: words in the title count most, then words in the
 * place, then others.
 */
export function rankResults(entries: readonly SearchEntry[], query: string): SearchEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

function scoreOf({ t, p, w }: SearchEntry, words: readonly string[]): number {
  let total = 0;
  for (const word of words) {
    const title = t.toLowerCase();
    const score =
      (title.startsWith(word) ? 12 : title.includes(word) ? 8 : 0) +
      (p.toLowerCase().includes(word) ? 4 : 0) +
      (w.toLowerCase().includes(word) ? 1 : 0);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}
