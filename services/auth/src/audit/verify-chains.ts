import type { AuditHead } from '@gridworks/contracts';
import { chainHash, FIRST_HASH } from './chain-hash.ts';

/** Runs a query and returns its rows. */
export type ReadRows = <R>(sql: string, values: readonly unknown[]) => Promise<R[]>;

/** The first fault of a chain. */
export interface ChainFault {
  readonly chain: string;
  /** The number of the entry that is broken, or of the first that is missing. */
  readonly sequence: number;
  /** Null for an entry that is missing. */
  readonly id: string | null;
  readonly what: string;
}

export interface Verification {
  readonly chains: number;
  readonly entries: number;
  readonly faults: readonly ChainFault[];
}

export interface VerifyOptions {
  readonly read: ReadRows;
  /** The heads that are stored outside of PostgreSQL; null when they cannot be read. */
  readonly heads: ReadonlyMap<string, AuditHead> | null;
  /** Only the chain of this partner, or `platform`. */
  readonly chain?: string | undefined;
  readonly onProgress?: (chains: number, entries: number) => void;
}

interface ChainRow {
  readonly id: string;
  readonly sequence: number;
  readonly hash: string;
  readonly anchor_sequence: number;
  readonly anchor_hash: string;
}
interface EntryRow {
  readonly chain: string;
  readonly sequence: number;
  readonly id: string;
  readonly recorded_at: Date;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** Rows that are in memory at once. */
const CHAINS_AT_ONCE = 500;
const ENTRIES_AT_ONCE = 500;
const CHAINS_SQL = `
  select id, sequence::int, hash, anchor_sequence::int, anchor_hash from audit_chains
  where id > $1 and ($2::text is null or id = $2) order by id limit ${CHAINS_AT_ONCE}`;
const ENTRIES_SQL = `
  select chain, sequence::int, id, recorded_at, entry, previous_hash, hash from audit_entries
  where chain = $1 and sequence > $2 order by sequence, recorded_at limit ${ENTRIES_AT_ONCE}`;
/** Chains of which there are entries but no row: found by an index, one chain after another. */
const NEXT_CHAIN_SQL = `
  select chain from audit_entries where chain > $1 and ($2::text is null or chain = $2) order by chain limit 1`;

/**
 * Walks all chains in bounded memory, from their anchors to their ends, and returns the first fault of each. Entries
 * that are appended meanwhile are left to the next run. Throws the error of a query.
 */
export async function verifyChains(options: VerifyOptions): Promise<Verification> {
  const { read, heads, chain: only = null } = options;
  const faults: ChainFault[] = [];
  const missing = new Map([...(heads ?? [])].filter(([id]) => only === null || id === only));
  const counts = { chains: 0, entries: 0 };
  for (let last = ''; ; ) {
    const chains = await read<ChainRow>(CHAINS_SQL, [last, only]);
    for (const chain of chains) {
      const fault = await verifyChain(chain, heads?.get(chain.id), options, counts);
      if (fault) faults.push(fault);
      missing.delete(chain.id);
      counts.chains++;
      options.onProgress?.(counts.chains, counts.entries);
    }
    const end = chains.at(-1);
    if (!end) break;
    last = end.id;
  }
  for (const { chain, sequence } of missing.values())
    faults.push({
      chain,
      sequence: 1,
      id: null,
      what: `the whole chain is missing; it had ${sequence} entries`,
    });
  faults.push(...(await strayChains(read, only)));
  return { ...counts, faults };
}

async function verifyChain(
  chain: ChainRow,
  head: AuditHead | undefined,
  { read, onProgress }: VerifyOptions,
  counts: { chains: number; entries: number },
): Promise<ChainFault | null> {
  const fault = (sequence: number, id: string | null, what: string): ChainFault => ({
    chain: chain.id,
    sequence,
    id,
    what,
  });
  if (chain.anchor_sequence === 0 && chain.anchor_hash !== FIRST_HASH)
    return fault(1, null, 'the chain begins with an anchor that no retention has made');
  if (head && head.anchor_sequence > chain.anchor_sequence)
    return fault(head.anchor_sequence, null, 'the anchor of the chain was moved back');
  let sequence = chain.anchor_sequence;
  let hash = chain.anchor_hash;
  for (;;) {
    const entries = await read<EntryRow>(ENTRIES_SQL, [chain.id, sequence]);
    for (const entry of entries) {
      // Appended since the row of the chain was read.
      if (entry.sequence > chain.sequence && sequence === chain.sequence) break;
      const what = faultOf(entry, sequence, hash, head);
      if (what !== null) return fault(sequence + 1, entry.sequence === sequence + 1 ? entry.id : null, what);
      sequence = entry.sequence;
      hash = entry.hash;
      counts.entries++;
      if (counts.entries % 10_000 === 0) onProgress?.(counts.chains, counts.entries);
    }
    if (entries.length < ENTRIES_AT_ONCE || sequence === chain.sequence) break;
  }
  const known = Math.max(chain.sequence, head?.sequence ?? 0);
  if (sequence < known) return fault(sequence + 1, null, `the end is cut off: ${known} entries were written`);
  if (hash !== chain.hash)
    return fault(sequence, null, 'the chain ends with another hash than its last entry');
  return null;
}

/** What is wrong with the entry that follows `sequence` and `hash`; null when nothing is. */
function faultOf(row: EntryRow, sequence: number, hash: string, head: AuditHead | undefined): string | null {
  if (row.sequence !== sequence + 1) return 'the entry is missing';
  if (row.previous_hash !== hash)
    return 'it does not follow the entry before: that was changed, or this was moved';
  if (row.hash !== chainHash(hash, row.entry)) return 'its content was changed';
  const written = readEntry(row.entry);
  if (
    written.chain !== row.chain ||
    written.sequence !== row.sequence ||
    written.id !== row.id ||
    written.recorded_at !== row.recorded_at.toISOString()
  )
    return 'its columns say something else than its content';
  if (head?.sequence === row.sequence && head.hash !== row.hash)
    return 'it is not the entry whose hash was published: the chain was written anew';
  return null;
}

function readEntry(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function strayChains(read: ReadRows, only: string | null): Promise<ChainFault[]> {
  const faults: ChainFault[] = [];
  for (let last = ''; ; ) {
    const [found] = await read<{ chain: string }>(NEXT_CHAIN_SQL, [last, only]);
    if (!found) return faults;
    last = found.chain;
    const [row] = await read('select 1 from audit_chains where id = $1', [last]);
    if (!row)
      faults.push({
        chain: last,
        sequence: 1,
        id: null,
        what: 'there are entries of a chain that does not exist',
      });
  }
}
