import type { Bus } from '@gridworks/bus';
import {
  getTicket,
  listAllTickets,
  listTickets,
  newId,
  openTicket,
  summarizeTickets,
  transitionTicket,
} from '@gridworks/contracts';
import { asAdmin, keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSupport } from './support-under-test.ts';

describe('the tickets of all partners', () => {
  let support: ServiceUnderTest;
  let gateway: Bus;
  const [ada, bob] = [newId('partner'), newId('partner')];
  beforeAll(async () => {
    support = await startSupport();
    await support.startInstance();
    gateway = await support.startGateway();
  });
  afterAll(() => support.stop());

  const open = (partnerId: string, subject: string, priority: 'low' | 'urgent' = 'low') =>
    gateway.request(openTicket, { subject, body: 'Please help.', priority }, { principal: keyOf(partnerId) });

  it('contain their permitted transitions', async () => {
    const partner = newId('partner');
    const principal = keyOf(partner);
    const { id, allowed_transitions } = await open(partner, 'first');
    expect(allowed_transitions).toEqual(['in_progress', 'waiting_on_partner', 'resolved', 'closed']);
    const closed = await gateway.request(transitionTicket, { id, status: 'closed' }, { principal });
    expect(closed.allowed_transitions).toEqual([]);
    expect((await gateway.request(getTicket, { id }, { principal })).allowed_transitions).toEqual([]);
  });

  it('are listed for admins, newest first, by status, priority and partner', async () => {
    const first = await open(ada, 'first');
    const second = await open(bob, 'second', 'urgent');
    const third = await open(ada, 'third', 'urgent');
    await gateway.request(transitionTicket, { id: first.id, status: 'resolved' }, { principal: keyOf(ada) });
    const ids = async (query: object) =>
      (await asAdmin(gateway).request(listAllTickets, { limit: 100, ...query })).data.map(({ id }) => id);
    expect((await ids({})).slice(0, 3)).toEqual([third.id, second.id, first.id]);
    expect(await ids({ priority: 'urgent' })).toEqual([third.id, second.id]);
    expect(await ids({ partner_id: ada })).toEqual([third.id, first.id]);
    expect(await ids({ partner_id: ada, status: 'resolved' })).toEqual([first.id]);
    expect((await ids({ starting_after: third.id })).slice(0, 2)).toEqual([second.id, first.id]);
    expect(await ids({ ending_before: second.id })).toEqual([third.id]);
    const { data } = await asAdmin(gateway).request(listAllTickets, { limit: 1 });
    expect(data).toEqual([{ ...third, partner_id: ada }]);
  });

  it('are for admins only', async () => {
    await expect(
      gateway.request(listAllTickets, {}, { principal: keyOf(newId('partner')) }),
    ).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
  });

  it('are summarised for other services', async () => {
    const auth = await support.connect('auth');
    const stranger = newId('partner');
    const summary = await auth.request(summarizeTickets, { partner_ids: [ada, bob, stranger] });
    expect(summary.partners.map(({ partner_id, open_tickets }) => [partner_id, open_tickets]).sort()).toEqual(
      [
        [ada, 1],
        [bob, 1],
      ].sort(),
    );
    expect(summary.by_status).toMatchObject({ open: 2, resolved: 1, closed: 1, in_progress: 0 });
  });

  it('are read by index, ten thousand of them', async () => {
    await support.query(
      `insert into tickets (id, partner_id, subject, body, status, priority, version, created_at, updated_at)
       select 'tic_' || lpad(n::text, 22, '0'), 'par_' || lpad((n % 50)::text, 22, '0'), 's', 'b',
         (array['open', 'in_progress', 'resolved', 'closed'])[1 + n % 4], 'normal', 1, now(), now()
       from generate_series(1, 10000) n on conflict do nothing`,
    );
    await support.query('analyze tickets');
    const partner = `par_${'7'.padStart(22, '0')}`;
    for (const condition of [
      '',
      `where status = 'open'`,
      `where priority = 'normal'`,
      `where partner_id = '${partner}'`,
    ]) {
      const plan = await support.query(
        `explain (format json) select id from tickets ${condition} order by list_position desc limit 101`,
      );
      expect(JSON.stringify(plan)).not.toMatch(/Seq Scan|"Sort"/);
    }
    const page = await gateway.request(listTickets, { limit: 100 }, { principal: keyOf(partner) });
    expect([page.data.length, page.has_more]).toEqual([100, true]);
    const all = await asAdmin(gateway).request(listAllTickets, { limit: 100 });
    expect([all.data.length, all.has_more]).toEqual([100, true]);
  });
});
