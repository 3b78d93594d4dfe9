import type { Incident } from '@gridworks/contracts';
import { expect, it } from '@jest/globals';
import { MailedIncidents } from './mailed-incidents.ts';

it('counts an incident’s mail once the incident says that it was sent', () => {
  const incident = (id: string, mailed_at: string | null) => ({ id, mailed_at }) as Incident;
  let incidents = [incident('inc_1', null)];
  const mails = new MailedIncidents(() => incidents);
  expect(mails.aboutIncidents()).toEqual([]);
  incidents = [incident('inc_1', '2026-01-05T10:00:00.000Z'), incident('inc_2', null)];
  expect(mails.aboutIncidents()).toHaveLength(1);
  expect(mails.about({ id: 'inc_1' })).toHaveLength(1);
  expect(mails.about({ id: 'inc_2' })).toEqual([]);
});
