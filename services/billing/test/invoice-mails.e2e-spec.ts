import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';
import { readPdf } from './read-pdf.ts';

describe('the mail with an invoice', () => {
  let billing: ServiceUnderTest;
  let smtp: SmtpServerHandle;
  let partners: BilledPartners;
  beforeAll(async () => {
    smtp = await startSmtp();
    billing = await startBilling({ SMTP_URL: smtp.url });
    partners = new BilledPartners(await billing.startInstance());
    await partners.database.whenReady();
    await publishTestPlans(billing);
    await billing.startGateway();
  });
  afterAll(async () => {
    await billing.stop();
    await smtp.stop();
  });

  const charge = async (email: string) => {
    const partner = await partners.register('2030-01-01T00:00:00Z', { email });
    await partners.change(partner, 'meter', '2030-01-01T00:00:00Z');
    await partners.run('2030-01-01T00:00:00Z');
    const [row] = await billing.query<{ id: string }>('select id from invoices where partner_id = $1', [
      partner,
    ]);
    return row?.id;
  };
  const mailsTo = (email: string) => smtp.messages.filter(({ to }) => to.includes(email));

  it('has the PDF, the amount and the day, and is sent once to the address of the profile', async () => {
    const id = await charge('first@lakshmi.example');
    await eventually(() => expect(mailsTo('first@lakshmi.example')).toHaveLength(1), { timeoutMs: 20_000 });
    const [mail] = mailsTo('first@lakshmi.example');
    const number = /GW-2030-\d{6}/.exec(mail?.subject ?? '')?.[0] as string;
    expect(mail?.subject).toBe(`Invoice ${number} from GridWorks Technologies Private Limited`);
    expect(mail?.text.replaceAll(/\s+/g, ' ')).toContain('To be paid: €11.80 by 15 January 2030.');
    expect(mail?.headers['message-id']).toBe(`<${id}.finalized@gridworks.example>`);
    const attached = /Content-Type: application\/pdf[\s\S]*?\r?\n\r?\n([A-Za-z0-9+/=\r\n]+)/.exec(
      mail?.raw ?? '',
    );
    const pdf = readPdf(Buffer.from(attached?.[1] ?? '', 'base64')).join(' ');
    expect(pdf).toContain(number);
    await eventually(async () =>
      expect(await billing.query(`select 1 from inbox where consumer = 'billing_mail-invoice'`)).toHaveLength(
        1,
      ),
    );
    expect(mailsTo('first@lakshmi.example')).toHaveLength(1);
  });

  it('waits while the mail server takes none, and is given up when it refuses the mail for good', async () => {
    smtp.reject(451);
    await charge('later@lakshmi.example');
    await eventually(async () => {
      const [row] = await billing.query<{ n: number }>(
        `select publications::int as n from outbox where subject = 'event.billing.invoice.finalized' order by created_at desc limit 1`,
      );
      expect(row?.n).toBeGreaterThan(0);
    });
    smtp.reject(null);
    await eventually(() => expect(mailsTo('later@lakshmi.example')).toHaveLength(1), { timeoutMs: 40_000 });
    smtp.reject(550);
    const before = await billing.query('select event_id from inbox');
    await charge('never@lakshmi.example');
    await eventually(
      async () =>
        expect((await billing.query('select event_id from inbox')).length).toBeGreaterThan(before.length),
      { timeoutMs: 20_000 },
    );
    expect(mailsTo('never@lakshmi.example')).toEqual([]);
  }, 90_000);
});
