import { listApiKeys, listIncidents, listPauses, listPlans, listTickets } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { pageLinks, returnsPages } from './page-links.ts';

const page = (hasMore: boolean, ...ids: string[]) =>
  JSON.stringify({ object: 'list', url: '/v1/tickets', has_more: hasMore, data: ids.map((id) => ({ id })) });

describe('pages', () => {
  it('are those of contracts with a cursor', () => {
    for (const contract of [listApiKeys, listTickets, listIncidents])
      expect({ subject: contract.subject, pages: returnsPages(contract) }).toEqual({
        subject: contract.subject,
        pages: true,
      });
    for (const contract of [listPlans, listPauses])
      expect({ subject: contract.subject, pages: returnsPages(contract) }).toEqual({
        subject: contract.subject,
        pages: false,
      });
  });

  it.each([
    ['the only page', '/v1/tickets', page(false, 'c', 'b'), null],
    ['the first page', '/v1/tickets', page(true, 'c', 'b'), '</v1/tickets?starting_after=b>; rel="next"'],
    [
      'a page in the middle',
      '/v1/tickets?limit=2&starting_after=d',
      page(true, 'c', 'b'),
      '</v1/tickets?limit=2&starting_after=b>; rel="next", </v1/tickets?limit=2&ending_before=c>; rel="prev"',
    ],
    [
      'the last page',
      '/v1/tickets?starting_after=d&status=open',
      page(false, 'c', 'b'),
      '</v1/tickets?status=open&ending_before=c>; rel="prev"',
    ],
    [
      'a page reached backward',
      '/v1/tickets?ending_before=a',
      page(true, 'c', 'b'),
      '</v1/tickets?starting_after=b>; rel="next", </v1/tickets?ending_before=c>; rel="prev"',
    ],
    [
      'the first page, reached backward',
      '/v1/tickets?ending_before=a',
      page(false, 'c', 'b'),
      '</v1/tickets?starting_after=b>; rel="next"',
    ],
    ['an empty page', '/v1/tickets?starting_after=a', page(false), null],
    ['a response that is no page', '/v1/tickets', '{"object":"answer"}', null],
    [
      'a query that would break out of the header',
      '/v1/tickets?status=%3E%22%0d%0a',
      page(true, 'c'),
      '</v1/tickets?status=%3E%22%0D%0A&starting_after=c>; rel="next"',
    ],
  ])('link from %s', (_, url, json, link) => {
    expect(pageLinks(url, json)).toBe(link);
  });
});
