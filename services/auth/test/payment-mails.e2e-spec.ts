import type { Bus } from '@gridworks/bus';
import {
  newId,
  PAYMENT_MAILS,
  type PaymentMail,
  paymentMailRequested,
  SPENDING_MAILS,
  type SpendingMail,
} from '@gridworks/contracts';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mailTo, PortalUser, startAuth } from './auth-under-test.ts';

const WORDS = {
  ...{ invoice_id: newId('invoice'), invoice: 'GW-2026-000042', amount: '€58.31' },
  ...{ reason: 'The account has not enough money.', date: '2026-12-15' },
};
/** Something that each mail says. */
const SAYS: Readonly<Record<PaymentMail, string>> = {
  'payment-received': 'We received €58.31',
  'payment-refunded': 'We paid €58.31 of invoice GW-2026-000042 back',
  'payment-failed': 'The account has not enough money. We try again on 2026-12-15',
  'payment-action-required': 'Your bank wants you to confirm the payment',
  'payment-last-warning': 'If it is not paid before 2026-12-15',
  'payment-overdue': 'was not paid in time',
};

describe('mails about payments', () => {
  let auth: ServiceUnderTest;
  let billing: Bus;
  let smtp: SmtpServerHandle;
  let portal: PortalUser;
  beforeAll(async () => {
    smtp = await startSmtp();
    ({ auth } = await startAuth({ SMTP_URL: smtp.url }));
    await auth.startInstance();
    portal = new PortalUser(await auth.startGateway());
    billing = await auth.connect('billing');
  });
  beforeEach(() => smtp.clear());
  afterAll(async () => {
    await auth?.stop();
    await smtp?.stop();
  });

  it.each([...PAYMENT_MAILS])('%s goes to owners and accountants, once each', async (mail) => {
    const { user, partner } = await portal.register();
    const others = await Promise.all(
      (['billing', 'developer', 'viewer'] as const).map(async (role) => {
        const one = await portal.register();
        await auth.query('update memberships set role = $2, partner_id = $3 where user_id = $1', [
          ...[one.user.id, role, partner.id],
        ]);
        return one.user.email;
      }),
    );
    const payload = { mail, partner_id: partner.id, words: WORDS };
    const event = { id: newId('event'), partnerId: partner.id };
    await billing.publish(paymentMailRequested, payload, { ...event, dedupId: `${event.id}:1` });
    // Delivered once more, as after a crash.
    await billing.publish(paymentMailRequested, payload, { ...event, dedupId: `${event.id}:2` });
    const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
    for (const to of [user.email, others[0] as string]) {
      const { text } = await mailTo(smtp, to, 'GW-2026-000042');
      expect(flat(text)).toContain(flat(SAYS[mail]));
      expect(text).toContain(`https://portal.example/billing/invoices/${WORDS.invoice_id}`);
    }
    await eventually(async () =>
      expect(await auth.query('select 1 from inbox where event_id = $1', [event.id])).toHaveLength(1),
    );
    const about = smtp.messages.filter(({ subject }) => subject.includes('GW-2026-000042'));
    expect(about.length).toBeLessThanOrEqual(2);
  });

  const SPENDING = { amount: '€40.00', limit: '€50.00', percent: '100', stops: 'true', date: '2026-12-15' };
  const SAID: Readonly<Record<SpendingMail, readonly [subject: string, text: string, page: string]>> = {
    'credit-expiring': [
      'Credit of €40.00 expires on 2026-12-15',
      'what is left then is lost',
      'billing/credits',
    ],
    'credit-low': ['Your credit is low: €40.00 left', 'Less than €50.00 of your credit', 'billing/credits'],
    'budget-alert': ['100% of your limit', 'refused from now on, until you raise the limit', 'billing'],
    'auto-top-up-off': ['automatic top-up is switched off', 'you owe nothing for it', 'billing/credits'],
  };
  it.each([...SPENDING_MAILS])('%s says what happened, and where to see it', async (mail) => {
    const { user, partner } = await portal.register();
    const payload = { mail, partner_id: partner.id, words: SPENDING };
    await billing.publish(paymentMailRequested, payload, { partnerId: partner.id });
    const [subject, text, page] = SAID[mail];
    const sent = await mailTo(smtp, user.email, subject);
    expect(sent.text.replaceAll(/\s+/g, ' ')).toContain(text);
    expect(sent.text).toMatch(new RegExp(`https://portal\\.example/${page}\\s`));
  });
});
