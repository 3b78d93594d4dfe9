import type { Incident } from '@gridworks/contracts';
import { fitsStatus, type StatusFilter } from './status-filter.ts';

/** Ids between these two, both exclusive; null: no bound. */
export interface IdRange {
  readonly above: string | null;
  readonly below: string | null;
}

/**
 * Reads incidents of the history in a range, at most `limit`, by id: oldest first, or newest first. Ids in
 * `without` are left out. Called once for most pages.
 */
export type ReadHistory = (
  range: IdRange & {
    readonly without: readonly string[];
    readonly oldestFirst: boolean;
    readonly limit: number;
  },
) => Promise<Incident[]>;

export interface ListPlace {
  /** The page holds incidents older than this one; null: from the newest. */
  readonly after: string | null;
  /** The page holds incidents newer than this one. At most one of both is given. */
  readonly before: string | null;
  /** Only incidents with this status; null: all. `read` applies it to those of the history. */
  readonly status: StatusFilter;
}

/** A place in the whole list: one live incident, or a range of incidents that only history has. */
type Piece = { readonly live: string } | IdRange;
const isLive = (piece: Piece): piece is { readonly live: string } => 'live' in piece;

/**
 * Merges the live incidents and those that only history has into one list, from a cursor on: newest first, or
 * oldest first from `before`. Live incidents keep their own order (`live`, newest first), which differs
 * slightly from the order of their ids. An incident that only history has comes directly before the live one
 * with the next lower id, where it was when it was live. So a cursor keeps its place when its incident leaves
 * the live state.
 */
export async function mergeIncidents(
  live: readonly Incident[],
  cursor: ListPlace,
  limit: number,
  read: ReadHistory,
): Promise<Incident[]> {
  const known = new Map(live.map((incident) => [incident.id, incident]));
  const oldestFirst = cursor.before !== null;
  const found: Incident[] = [];
  for (const run of runsOf(fromCursor(piecesOf([...known.keys()]), cursor), oldestFirst)) {
    const left = limit - found.length;
    if (left <= 0) break;
    const without = [...known.keys()].filter((id) => isWithin(id, run));
    const reported = run.live
      .flatMap((id) => known.get(id) ?? [])
      .filter(({ status }) => fitsStatus(status, cursor.status));
    const rows = await read({ above: run.above, below: run.below, without, oldestFirst, limit: left });
    const order = oldestFirst ? 1 : -1;
    found.push(...[...reported, ...rows].sort((a, b) => (a.id < b.id ? -order : order)).slice(0, left));
  }
  return found;
}

const isWithin = (id: string, { above, below }: IdRange): boolean =>
  (above === null || id > above) && (below === null || id < below);

/** The whole list, newest first. */
function piecesOf(newestFirst: readonly string[]): Piece[] {
  const byId = [...newestFirst].sort();
  const next = new Map(byId.map((id, at) => [id, byId[at + 1] ?? null]));
  return [
    ...newestFirst.flatMap((id) => [{ above: id, below: next.get(id) ?? null }, { live: id }]),
    { above: null, below: byId[0] ?? null },
  ];
}

/** The pieces after the cursor, in the direction of the page. */
function fromCursor(pieces: readonly Piece[], { after, before }: ListPlace): Piece[] {
  const id = after ?? before;
  if (id === null) return [...pieces];
  const at = pieces.findIndex((piece) => (isLive(piece) ? piece.live === id : isWithin(id, piece)));
  const here = pieces[at] as Piece;
  if (after !== null)
    return [...(isLive(here) ? [] : [{ above: here.above, below: id }]), ...pieces.slice(at + 1)];
  return [...pieces.slice(0, at), ...(isLive(here) ? [] : [{ above: id, below: here.below }])].reverse();
}

interface Run {
  above: string | null;
  below: string | null;
  readonly live: string[];
}

/**
 * Neighbours whose ids continue in one direction form one run, so that history is read once for all of them.
 */
function runsOf(pieces: readonly Piece[], oldestFirst: boolean): Run[] {
  const runs: Run[] = [];
  let edge: string | null | undefined;
  for (const piece of pieces) {
    const { above, below } = isLive(piece) ? { above: piece.live, below: piece.live } : piece;
    const [near, far] = oldestFirst ? [above, below] : [below, above];
    let run = runs.at(-1);
    if (!run || edge === null || near !== edge) {
      run = { above, below, live: [] };
      runs.push(run);
    } else if (oldestFirst) run.below = far;
    else run.above = far;
    if (isLive(piece)) run.live.push(piece.live);
    edge = far;
  }
  return runs;
}
