import { request } from 'node:http';
import { type Incident, type ServiceIncident, SIGNALS } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Mail, MailFolder } from '../src/system/mail-folder.ts';
import { PortalUnderTest } from './portal-under-test.ts';

const PATH = '/v1/frontend-reports';
/** What the signal must last for, and ten seconds for pulses and the healer. */
const RAISED_AFTER_MS = SIGNALS['frontend.failing'].raiseAfterMs + 10_000;
/** Longer than monitor needs to raise the signal and the healer to mail it. */
const RAISED_MS = 60_000;

describe('pages of the console that fail in browsers, and the running portal', () => {
  let portal: PortalUnderTest;
  let mails: MailFolder;
  let build: string;

  beforeAll(async () => {
    portal = await PortalUnderTest.start({});
    mails = new MailFolder(portal.system.layout.mail);
    const home = await fetch(portal.system.url);
    build = home.headers.get('console-build') ?? '';
  }, 180_000);
  afterAll(() => portal?.stop(), 60_000);

  /** Posts reports as a page does, from a loopback address of its own. Resolves with the status. */
  function post(address: string, reports: readonly object[]): Promise<number> {
    const { hostname, port } = new URL(portal.system.url);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...{ host: hostname, port, path: PATH, method: 'POST', localAddress: address },
          headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        },
        (reply) => {
          reply.resume();
          reply.on('end', () => resolve(reply.statusCode ?? 0));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ build, reports }));
    });
  }

  const loaded = { kind: 'vital', name: 'TTFB', value: 12.5, rating: 'good', path: '/keys' };
  const failed = {
    ...{ kind: 'error', message: "Cannot read properties of undefined (reading 'last4')" },
    ...{ stack: 'at KeyRow (keys-4f2a.js:1:204)', path: '/keys' },
  };
  const incidents = async (): Promise<Incident[]> =>
    (await portal.incidents()).filter(({ cause }) => cause.signal === 'frontend.failing');
  /** Other mails are none of ours: a busy machine overloads the gateway, too. */
  const mailsAboutPages = (): readonly Mail[] =>
    mails.aboutIncidents().filter(({ subject }) => subject.includes(SIGNALS['frontend.failing'].phrase));
  const counted = () => portal.metric('gateway', 'gateway_frontend_reports_total');
  /** Until when monitor has judged, epoch ms. */
  const judgedUntil = async (): Promise<number> => {
    const health = await portal.client.get<{ observed_at: string }>('/v1/admin/health', {
      token: portal.admin,
    });
    return Date.parse(health.observed_at);
  };

  it('raise nothing when one angry browser reports a thousand errors', async () => {
    const began = Date.now();
    // The first time makes the metric.
    expect(await post('127.0.3.1', [failed])).toBe(204);
    const before = await counted();
    const statuses: Record<number, number> = {};
    for (let sent = 1; sent < 1000; sent++) {
      const status = await post('127.0.3.1', [failed]);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    // Twenty a minute, whatever else is refused because of them.
    const minutes = 1 + Math.ceil((Date.now() - began) / 60_000);
    expect(statuses[204]).toBeLessThanOrEqual(20 * minutes);
    expect(statuses[429]).toBeGreaterThan(800);
    expect((await counted()) - before).toBe(statuses[204]);
    // By then monitor would have raised it.
    await eventually(async () => expect(await judgedUntil()).toBeGreaterThan(began + RAISED_AFTER_MS), {
      timeoutMs: 90_000,
      everyMs: 1000,
    });
    expect(await incidents()).toEqual([]);
    expect(mailsAboutPages()).toEqual([]);
  }, 150_000);

  it('raise one incident with one mail when a build fails in many, and end it when it fails in few', async () => {
    for (let n = 1; n <= 6; n++) expect(await post(`127.0.4.${n}`, [loaded, failed])).toBe(204);
    let incident: Incident | undefined;
    await eventually(
      async () => {
        [incident] = await incidents();
        expect(incident).toMatchObject({ status: 'escalated' });
        expect(mailsAboutPages()).toHaveLength(1);
      },
      { timeoutMs: RAISED_MS, everyMs: 500 },
    );
    expect(incident?.title).toBe('gateway serves pages that fail in browsers');
    // The angry browser of before is the seventh. None of its reports was enough to raise the incident.
    expect(incident?.symptoms[0]?.evidence).toMatchObject({ build, failing: 7, browsers: 7, page: '/keys' });
    expect(incident?.actions.map(({ remedy }) => remedy)).toEqual(['page-human']);
    const [mail] = mailsAboutPages();
    expect(mail?.subject).toMatch(/^\[ACTION NEEDED\] gateway serves pages that fail in browsers/);
    for (const part of [build, 'reading', incident?.symptoms[0]?.evidence.request_id as string])
      expect(mail?.text).toContain(part);
    expect(await shownToPartner()).toMatchObject({ services: [], status: 'being_looked_at' });

    // Another build would be served; browsers in which pages work again are the same to the figures.
    for (let n = 1; n <= 30; n++) expect(await post(`127.0.5.${n}`, [loaded])).toBe(204);
    await eventually(async () => expect((await incidents())[0]).toMatchObject({ status: 'resolved' }), {
      timeoutMs: RAISED_MS,
      everyMs: 500,
    });
    expect(await incidents()).toHaveLength(1);
    expect(mailsAboutPages()).toEqual([mail]);
    expect(await shownToPartner()).toMatchObject({ status: 'resolved' });
  }, 180_000);

  async function shownToPartner(): Promise<ServiceIncident | undefined> {
    const partner = await portal.partner();
    const page = await portal.client.get<{ data: ServiceIncident[] }>('/v1/incidents', {
      token: partner.session,
    });
    return page.data.find(({ title }) => title === 'Pages of the console failed in some browsers');
  }
});
