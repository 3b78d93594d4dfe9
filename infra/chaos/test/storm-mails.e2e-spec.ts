import type { Incident } from '@gridworks/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runKillStorm } from '../src/kill-storm/run-kill-storm.ts';
import { MailFolder } from '../src/system/mail-folder.ts';
import { PortalUnderTest } from './portal-under-test.ts';

/** Kills each of the ten processes within the time, billing and monitor twice: none so often that it "keeps ending". */
const STORM = { seed: 7, seconds: 60 };
const PROCESSES = [
  ...['auth', 'billing', 'gateway', 'healer', 'monitor', 'support'],
  ...['mail', 'nats', 'postgres', 'redis'],
];

describe('a storm of kills on the running portal', () => {
  let portal: PortalUnderTest;
  let mails: MailFolder;

  beforeAll(async () => {
    portal = await PortalUnderTest.start({});
    mails = new MailFolder(portal.system.layout.mail);
  }, 240_000);
  afterAll(() => portal?.stop(), 60_000);

  it('asks no human about what heals by itself', async () => {
    // Without a label: the mails of an experiment follow other rules.
    const report = await runKillStorm(portal.system, {
      ...{ ...STORM, label: false, say: () => undefined },
      signal: AbortSignal.timeout(480_000),
    });
    expect(Object.keys(report.kills).sort()).toEqual([...PROCESSES].sort());
    const incidents = await portal.incidents();
    const byId = (id: string): Incident | undefined => incidents.find((one) => one.id === id);
    const needless = mails
      .aboutIncidents()
      .filter(({ subject }) => subject.includes('[ACTION NEEDED]'))
      .map(({ subject, text }) => ({ subject, id: /inc_\w+/.exec(text)?.[0] ?? '' }))
      .filter(({ id }) => byId(id)?.status === 'resolved');
    expect(needless).toEqual([]);
    // Else it could pass because nothing was noticed, or nothing was mailed.
    expect(incidents.filter(({ status }) => status !== 'resolved')).toEqual([]);
    expect(report.mails).toEqual({ action_needed: 0, auto_resolved: report.incidents });
    expect(report.incidents).toBeGreaterThanOrEqual(5);
    expect(report.problems).toEqual([]);
  }, 500_000);
});
