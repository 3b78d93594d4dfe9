import type { Bus } from '@gridworks/bus';
import {
  getTicket,
  type InputOf,
  listTickets,
  newId,
  openTicket,
  type TicketStatus,
  transitionTicket,
} from '@gridworks/contracts';
import { renderMetrics } from '@gridworks/observability';
import { keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSupport } from './support-under-test.ts';

describe('support over real NATS and PostgreSQL', () => {
  let support: ServiceUnderTest;
  let gateway: Bus;

  beforeAll(async () => {
    support = await startSupport();
    await Promise.all([support.startInstance('support'), support.startInstance('support-2')]);
    gateway = await support.startGateway();
  });
  afterAll(() => support.stop());

  const draft = { subject: 'Which plan?', body: 'We expect to grow in spring.' };
  const open = (partnerId: string, input: Partial<InputOf<typeof openTicket>> = {}) =>
    gateway.request(openTicket, { ...draft, ...input }, { principal: keyOf(partnerId) });
  const move = (partnerId: string, id: string, status: TicketStatus) =>
    gateway.request(transitionTicket, { id, status }, { principal: keyOf(partnerId) });
  const get = (partnerId: string, id: string) =>
    gateway.request(getTicket, { id }, { principal: keyOf(partnerId) });
  const eventsOf = async (id: string) =>
    (
      await support.query<{ type: string; data: object; partnerid: string }>(
        `select event->>'type' as type, event->'data' as data, event->>'partnerid' as partnerid from outbox
         where event->'data'->>'ticket_id' = $1 order by sequence`,
        [id],
      )
    ).map(({ type, data, partnerid }) => ({ type, data, partnerid }));

  it('leaves the audit entry of each write with its effect, without what the partner wrote', async () => {
    const partner = newId('partner');
    const ticket = await open(partner, { priority: 'high' });
    await move(partner, ticket.id, 'in_progress');
    await expect(move(partner, ticket.id, 'open')).rejects.toBeDefined();
    const acts = await support.query<{ data: object }>(
      `select event->'data' as data from outbox
       where subject = 'event.support.act.recorded' and event->'data'->>'partner_id' = $1 order by sequence`,
      [partner],
    );
    const common = { object_id: ticket.id, outcome: 'done', actor: { kind: 'api_key', impersonator: null } };
    expect(acts.map(({ data }) => data)).toMatchObject([
      { ...common, action: 'ticket.opened', before: null, after: { priority: 'high' } },
      {
        ...common,
        action: 'ticket.transitioned',
        before: { status: 'open' },
        after: { status: 'in_progress' },
      },
    ]);
    expect(JSON.stringify(acts)).not.toContain(draft.body);
  });

  it('opens a ticket, moves the ticket to closed, and publishes every transition', async () => {
    const partner = newId('partner');
    const ticket = await open(partner, { priority: 'high' });
    expect(ticket).toMatchObject({ ...draft, status: 'open', priority: 'high', version: 1 });
    expect(await get(partner, ticket.id)).toEqual(ticket);

    await move(partner, ticket.id, 'in_progress');
    await move(partner, ticket.id, 'resolved');
    const closed = await move(partner, ticket.id, 'closed');
    expect(closed).toMatchObject({
      ...draft,
      status: 'closed',
      version: 4,
      created_at: ticket.created_at,
    });
    expect(closed.updated_at > ticket.updated_at).toBe(true);
    expect(await get(partner, ticket.id)).toEqual(closed);

    const steps = [
      ['open', 'in_progress'],
      ['in_progress', 'resolved'],
      ['resolved', 'closed'],
    ];
    expect(await eventsOf(ticket.id)).toEqual([
      {
        type: 'event.support.ticket.opened',
        data: { ticket_id: ticket.id, partner_id: partner, priority: 'high' },
        partnerid: partner,
      },
      ...steps.map(([from, to]) => ({
        type: 'event.support.ticket.transitioned',
        data: { ticket_id: ticket.id, partner_id: partner, from, to },
        partnerid: partner,
      })),
    ]);
  });

  it('refuses and counts a forbidden transition, and names the permitted ones', async () => {
    const partner = newId('partner');
    const ticket = await open(partner);
    await move(partner, ticket.id, 'resolved');
    const counted = () =>
      Number(
        /^support_ticket_forbidden_transitions_total\{from="resolved",to="open"\} (\d+)$/m.exec(
          renderMetrics(),
        )?.[1] ?? 0,
      );
    const before = counted();
    await expect(move(partner, ticket.id, 'open')).rejects.toMatchObject({
      code: 'SUPPORT.TICKET_TRANSITION_FORBIDDEN',
      kind: 'conflict',
      message: 'The ticket is resolved and cannot become open. From there it may go to in_progress, closed.',
      details: { status: 'resolved', requested: 'open', allowed: ['in_progress', 'closed'] },
    });
    expect(counted()).toBe(before + 1);
    expect(await get(partner, ticket.id)).toMatchObject({ status: 'resolved', version: 2 });
    expect(await eventsOf(ticket.id)).toHaveLength(2);
  });

  it('lets one of many equal transitions win', async () => {
    const partner = newId('partner');
    const { id } = await open(partner);
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => move(partner, id, 'in_progress')));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of all)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'SUPPORT.TICKET_TRANSITION_FORBIDDEN' });
    expect(await get(partner, id)).toMatchObject({ status: 'in_progress', version: 2 });
  });

  it('checks each of many different transitions against the status that the one before has set', async () => {
    const partner = newId('partner');
    const { id } = await open(partner);
    const wishes = [
      'in_progress',
      'waiting_on_partner',
      'resolved',
      'in_progress',
      'closed',
      'resolved',
    ] as const;
    const all = await Promise.allSettled(wishes.map((status) => move(partner, id, status)));
    const moved = all.filter(({ status }) => status === 'fulfilled').length;
    const events = (await eventsOf(id)).slice(1) as { data: { from: string; to: string } }[];
    expect(events).toHaveLength(moved);
    // The events, in the order of their commits, form one unbroken sequence of transitions.
    let status = 'open';
    for (const { data } of events) {
      expect(data.from).toBe(status);
      status = data.to;
    }
    expect(await get(partner, id)).toMatchObject({ status, version: moved + 1 });
  });

  it('opens one ticket for one idempotency key', async () => {
    const partner = newId('partner');
    const idempotencyKey = 'c56a4180-65aa-42ec-a945-5fd21dec0538';
    const openOnce = (of: string, input: Partial<InputOf<typeof openTicket>> = {}) =>
      gateway.request(openTicket, { ...draft, ...input }, { principal: keyOf(of), idempotencyKey });
    const responses = await Promise.all(Array.from({ length: 20 }, () => openOnce(partner)));
    for (const response of responses) expect(response).toEqual(responses[0]);
    expect(await support.query('select 1 from tickets where partner_id = $1', [partner])).toHaveLength(1);
    expect(await eventsOf(responses[0]!.id)).toHaveLength(1);

    await expect(openOnce(partner, { subject: 'Another' })).rejects.toMatchObject({
      code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED',
    });
    const other = await openOnce(newId('partner'));
    expect(other.id).not.toBe(responses[0]!.id);
    // Returns the first response again, also after the ticket has changed.
    await move(partner, responses[0]!.id, 'closed');
    expect(await openOnce(partner)).toEqual(responses[0]);
  });

  it('moves a ticket once for one idempotency key, and a repeat is not refused', async () => {
    const partner = newId('partner');
    const { id } = await open(partner);
    const options = {
      principal: keyOf(partner),
      idempotencyKey: '2a5cf0f4-4b0e-4f0a-8f43-1bd0b0a8e0d3',
    };
    const closeOnce = () => gateway.request(transitionTicket, { id, status: 'closed' }, options);
    const closed = await closeOnce();
    expect(closed.status).toBe('closed');
    expect(await closeOnce()).toEqual(closed);
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('lists newest first, page by page, there and back', async () => {
    const partner = newId('partner');
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.unshift((await open(partner, { subject: `No. ${i}` })).id);
    await open(newId('partner'));
    const list = async (query: InputOf<typeof listTickets>) => {
      const page = await gateway.request(listTickets, query, { principal: keyOf(partner) });
      return { ids: page.data.map((ticket) => ticket.id), more: page.has_more };
    };
    expect(await list({})).toEqual({ ids, more: false });
    expect(await list({ limit: 3 })).toEqual({ ids: ids.slice(0, 3), more: true });
    expect(await list({ limit: 3, starting_after: ids[2] })).toEqual({ ids: ids.slice(3, 6), more: true });
    expect(await list({ limit: 3, starting_after: ids[5] })).toEqual({ ids: ids.slice(6), more: false });
    expect(await list({ limit: 3, ending_before: ids[6] })).toEqual({ ids: ids.slice(3, 6), more: true });
    expect(await list({ limit: 3, ending_before: ids[3] })).toEqual({ ids: ids.slice(0, 3), more: false });

    await move(partner, ids[1]!, 'resolved');
    await move(partner, ids[4]!, 'resolved');
    expect(await list({ status: 'resolved' })).toEqual({ ids: [ids[1], ids[4]], more: false });
    expect(await list({ status: 'resolved', limit: 1 })).toEqual({ ids: [ids[1]], more: true });
    expect(await list({ status: 'closed' })).toEqual({ ids: [], more: false });
  });

  it('shows every ticket once to a caller that follows the list, while others open tickets', async () => {
    const partner = newId('partner');
    const list = (query: InputOf<typeof listTickets>) =>
      gateway.request(listTickets, query, { principal: keyOf(partner) });
    const start = (await open(partner)).id;
    const followed: string[] = [];
    let isOver = false;
    const follow = async () => {
      for (let last = start; ; ) {
        const wasOver = isOver;
        const { data } = await list({ limit: 100, ending_before: last });
        if (wasOver && data.length === 0) return;
        followed.push(...data.map(({ id }) => id).reverse());
        last = data[0]?.id ?? last;
      }
    };
    const following = follow();
    const opened: string[] = [];
    const write = async () => {
      for (let i = 0; i < 15; i++) opened.push((await open(partner)).id);
    };
    await Promise.all(Array.from({ length: 16 }, write));
    isOver = true;
    await following;
    expect(followed).toHaveLength(240);
    expect(new Set(followed)).toEqual(new Set(opened));
  }, 30_000);

  it('lists tickets that are too large for one message in several pages, there and back', async () => {
    const partner = newId('partner');
    const body = '€'.repeat(10_000);
    const opened: string[] = [];
    for (let i = 0; i < 45; i++) opened.unshift((await open(partner, { body })).id);
    const follow = async (cursor: 'starting_after' | 'ending_before', start?: string) => {
      const ids: string[] = [];
      for (let last = start; ; ) {
        const page = await gateway.request(
          listTickets,
          { limit: 100, ...(last && { [cursor]: last }) },
          { principal: keyOf(partner) },
        );
        for (const ticket of page.data) expect(ticket.body).toBe(body);
        const found = page.data.map(({ id }) => id);
        ids.push(...(cursor === 'ending_before' ? found.reverse() : found));
        last = ids.at(-1);
        if (!page.has_more) return ids;
        expect(found.length).toBeGreaterThan(10);
      }
    };
    expect(await follow('starting_after')).toEqual(opened);
    expect(await follow('ending_before', opened[44])).toEqual(opened.slice(0, 44).reverse());
  });
});
