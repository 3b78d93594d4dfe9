import { setTimeout as sleep } from 'node:timers/promises';
import type { PortalClient } from '../system/portal-client.ts';
import type { Acknowledged, Metered } from './probe-client.ts';

/** Whether the promises to the probe client's partner were kept. */
export interface Promises {
  readonly tickets: {
    readonly acknowledged: number;
    readonly lost: number;
    readonly found: number;
    readonly sent: number;
  };
  readonly usage: { readonly answered: number; readonly ambiguous: number; readonly counted: number };
}

const PATIENCE_MS = 30_000;
const PAGE = 100;

/**
 * Reads every ticket and the usage of the partner by its session, whose calls are not metered. Waits until
 * the usage is counted, which may take a moment after an outage. Throws when the portal does not respond in
 * that time.
 */
export async function verifyPromises(
  client: PortalClient,
  session: string,
  acknowledged: readonly Acknowledged[],
  metered: ReadonlyMap<string, Metered>,
  sentTickets: number,
): Promise<Promises> {
  const sum = (pick: (one: Metered) => number) =>
    [...metered.values()].reduce((total, one) => total + pick(one), 0);
  const answered = sum((one) => one.answered);
  const ambiguous = sum((one) => one.ambiguous);
  const found = new Set((await readTickets(client, session)).map(({ id }) => id));
  const lost = acknowledged.filter(({ ticketId }) => !found.has(ticketId)).length;
  const counted = await readCountedCalls(client, session, answered);
  return {
    tickets: { acknowledged: acknowledged.length, lost, found: found.size, sent: sentTickets },
    usage: { answered, ambiguous, counted },
  };
}

export interface FoundTicket {
  readonly id: string;
  readonly subject: string;
}

/** Every ticket of the partner. Throws when the portal does not respond within 30 s. */
export function readTickets(client: PortalClient, session: string): Promise<FoundTicket[]> {
  return again(performance.now() + PATIENCE_MS, () => allTickets(client, session));
}

/**
 * The calls that are counted for the partner: returns as soon as they are `expected` or more, else after 30
 * s. Throws when the portal does not respond in that time.
 */
export async function readCountedCalls(
  client: PortalClient,
  session: string,
  expected: number,
): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  let counted = await again(until, () => countedCalls(client, session));
  while (counted < expected && performance.now() < until) {
    await sleep(500);
    counted = await again(until, () => countedCalls(client, session));
  }
  return counted;
}

/** The broken promises, in words; empty when all were kept. */
export function brokenPromises({ tickets, usage }: Promises): string[] {
  const broken: string[] = [];
  if (tickets.lost > 0) broken.push(`${tickets.lost} acknowledged tickets are lost`);
  if (tickets.found > tickets.sent)
    broken.push(`${tickets.found} tickets exist, and only ${tickets.sent} were sent`);
  if (usage.counted < usage.answered) {
    broken.push(`${usage.counted} calls are counted, and ${usage.answered} were answered`);
  }
  if (usage.counted > usage.answered + usage.ambiguous) {
    broken.push(
      `${usage.counted} calls are counted, and at most ${usage.answered + usage.ambiguous} were made`,
    );
  }
  return broken;
}

async function allTickets(client: PortalClient, session: string): Promise<FoundTicket[]> {
  const found: FoundTicket[] = [];
  for (let after = ''; ; ) {
    const page = await client.get<{ has_more: boolean; data: FoundTicket[] }>(
      `/v1/tickets?limit=${PAGE}${after}`,
      { token: session },
    );
    found.push(...page.data.map(({ id, subject }) => ({ id, subject })));
    const last = page.data.at(-1);
    if (!page.has_more || !last) return found;
    after = `&starting_after=${last.id}`;
  }
}

async function countedCalls(client: PortalClient, session: string): Promise<number> {
  const usage = await client.get<{ total_calls: number }>('/v1/usage', { token: session });
  return usage.total_calls;
}

async function again<T>(until: number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(250);
    }
  }
}
