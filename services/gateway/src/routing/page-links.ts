import type { RequestContract } from '@gridworks/contracts';
import { z } from 'zod';

/** The members of a page that the links need; the rest of the response is ignored. */
interface ListPage {
  readonly url: string;
  readonly has_more: boolean;
  readonly data?: readonly { readonly id: string }[];
}

/**
 * Whether the response of a contract is one page of a list with cursors. A list without cursors is always
 * complete.
 */
export function returnsPages(contract: RequestContract): boolean {
  const output = shapeOf(contract.output);
  return 'has_more' in output && 'data' in output && 'starting_after' in shapeOf(contract.input);
}

/**
 * The `Link` header (RFC 8288) of a page: `next` leads to older entries, `prev` to newer ones. The page
 * behind the caller's cursor exists, since the cursor is on that page; the page ahead exists when there is
 * more. The addresses are absolute paths and keep the rest of the query. Null when there is no further page,
 * or when the response is no page: the call has been made and must not fail for a missing link.
 * @param requestUrl path and query of the request
 * @param json the page as the service wrote it
 */
export function pageLinks(requestUrl: string, json: string): string | null {
  const { url, has_more: hasMore, data } = JSON.parse(json) as ListPage;
  const newest = data?.[0];
  const oldest = data?.at(-1);
  if (!newest || !oldest) return null;
  const start = requestUrl.indexOf('?');
  const query = new URLSearchParams(start === -1 ? '' : requestUrl.slice(start + 1));
  const isBackward = query.has('ending_before');
  const isForward = query.has('starting_after');
  query.delete('ending_before');
  query.delete('starting_after');
  const link = (cursor: string, id: string, relation: string) => {
    const target = new URLSearchParams(query);
    target.set(cursor, id);
    return `<${url}?${target}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (isBackward || hasMore) links.push(link('starting_after', oldest.id, 'next'));
  if (isBackward ? hasMore : isForward) links.push(link('ending_before', newest.id, 'prev'));
  return links.length === 0 ? null : links.join(', ');
}

const shapeOf = (schema: z.ZodType): object => (schema instanceof z.ZodObject ? schema.shape : {});
