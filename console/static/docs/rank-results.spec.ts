import { describe, expect, it } from '@jest/globals';
import { rankResults } from './rank-results.ts';
import type { SearchEntry } from './search-index.ts';

const entry = (u: string, t: string, p: string, w: string): SearchEntry => ({ u, t, p, w });
const entries = [
  entry('/a', 'Errors', 'Errors and retries', 'a ticket may be closed'),
  entry('/b', 'Open a support ticket', 'POST /v1/tickets', 'openTicket GATEWAY.OVERLOADED'),
  entry('/c', 'Read a plan', 'Tickets', ''),
];
const found = (query: string) => rankResults(entries, query).map(({ u }) => u);

describe('the search', () => {
  it('ranks matches in titles before places before words', () => {
    expect(found('ticket')).toEqual(['/b', '/c', '/a']);
  });

  it('requires every word, in any case', () => {
    expect(found('TICKET open')).toEqual(['/b']);
    expect(found('ticket nothing')).toEqual([]);
    expect(found('gateway.over')).toEqual(['/b']);
  });

  it('returns nothing for an empty query', () => {
    expect(found('  ')).toEqual([]);
  });
});
