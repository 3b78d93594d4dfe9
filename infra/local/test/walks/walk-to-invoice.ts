import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { PortalUnderTest } from '../../../chaos/test/portal-under-test.ts';
import { PortalPage } from './portal-page.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const OWNER = { email: 'ada@ada-energy.com', password: 'correct horse battery' };
const CALLS = 25;
/** Each call costs two rupees; nothing is included. */
const PLAN = {
  ...{ plan: 'pay-per-call', name: 'Pay per call', description: 'For those who begin.', interval: 'month' },
  ...{ trial_days: 0, features: [], limits: { burst_per_minute: 600, daily: 50_000 } },
  prices: {
    INR: {
      ...{ recurring_amount: 49_900, minimum_amount: 0 },
      charges: [{ metric: 'calls', included: 0, price: { model: 'per_unit', unit_amount: '200' } }],
    },
  },
};
const PROFILE = {
  ...{ legal_name: 'Lakshmi Logistics LLP', address_lines: ['88 Brigade Road'], postal_code: '560001' },
  ...{ city: 'Bengaluru', country: 'IN', state: null, tax_id: '29AAPFU0939F1ZR', currency: 'INR' },
  ...{ email: 'accounts@lakshmi.example', locale: 'en-IN', time_zone: 'Asia/Kolkata' },
};

interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly due: number;
  readonly currency: string;
}
interface Preview {
  readonly invoice: { readonly lines: readonly { description: string; quantity: number }[] } | null;
}

/**
 * A partner is charged for its calls, and pays. The end of the month is not waited for: the billing run is told that it has come, as
 * only a portal that is thrown away should be.
 */
export async function walkToInvoice(say: (text: string) => void): Promise<void> {
  const portal = await PortalUnderTest.start({});
  try {
    const { url } = portal.system;
    say(`portal ${url}`);
    const admin = new PortalPage(url);
    await admin.call('POST', '/v1/browser-sessions', 'an admin of GridWorks logs in', {
      body: portal.system.admin,
    });
    const { id: version } = await admin.call<{ id: string }>(
      'POST',
      '/v1/admin/plan-versions',
      'a plan where every call costs two rupees',
      { body: PLAN },
    );
    await admin.call('POST', `/v1/admin/plan-versions/${version}/publish`, 'it is offered');

    const owner = new PortalPage(url);
    await owner.call('POST', '/v1/partners', 'a new partner and its owner', {
      body: { name: 'Lakshmi Logistics', ...OWNER },
    });
    await owner.call('POST', '/v1/browser-sessions', 'the owner logs in', { body: OWNER });
    await owner.call('PUT', '/v1/billing-profile', 'to whom the invoices go', { body: PROFILE });
    const { subscription } = await owner.call<{ subscription: { period: { to: string } } }>(
      'POST',
      '/v1/subscription/change',
      'the plan is chosen, and its fee of ₹499.00 invoiced',
      { body: { plan: PLAN.plan } },
    );
    const { key } = await owner.call<{ key: string }>('POST', '/v1/api-keys', 'a live key, shown once', {
      body: { name: 'Production', mode: 'live' },
    });
    for (let call = 1; call < CALLS; call++) await owner.read('/v1/plans', { key });
    await owner.call('GET', '/v1/plans', `the last of ${CALLS} calls with the key`, { key });
    await eventually(
      async () => {
        const { invoice } = await owner.read<Preview>('/v1/invoices/preview');
        if (!invoice?.lines.some(({ quantity }) => quantity === CALLS))
          throw new Error(`the next invoice has other lines: ${JSON.stringify(invoice?.lines)}`);
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    await owner.call('GET', '/v1/invoices/preview', `the next invoice has ${CALLS} calls on it`);

    const end = new Date(Date.parse(subscription.period.to) + 2 * 3_600_000).toISOString();
    say(`$ npm run billing -- run --until ${end} --ahead`);
    say(runBilling(portal, ['run', '--until', end, '--ahead']));
    const { data } = await owner.read<{ data: Invoice[] }>('/v1/invoices');
    for (const invoice of data) await pay(admin, owner, invoice);
    const [newest] = data;
    if (!newest) throw new Error('there is no invoice');
    const file = join(tmpdir(), `${newest.number}.pdf`);
    writeFileSync(file, await owner.file(`/v1/invoices/${newest.id}/pdf`));
    await owner.call('GET', `/v1/invoices/${newest.id}`, `the PDF is ${file}`);
    say('$ npm run billing -- reconcile');
    say(runBilling(portal, ['reconcile']));
  } finally {
    await portal.stop();
  }
}

async function pay(admin: PortalPage, owner: PortalPage, invoice: Invoice): Promise<void> {
  const { id, number, due, currency } = invoice;
  await admin.call('POST', `/v1/admin/invoices/${id}/payments`, `the transfer for ${number} has arrived`, {
    body: { amount: due, currency, reference: `UTR-${number}` },
  });
  const { left } = await owner.read<{ left: number }>(`/v1/invoices/${id}/balance`);
  if (left !== 0) throw new Error(`${left} are left of ${number}`);
  await owner.call('GET', `/v1/invoices/${id}/balance`, 'nothing is left to pay');
}

/** What the command prints. Throws with it unless the status is 0. */
function runBilling(portal: PortalUnderTest, given: readonly string[]): string {
  const program = join(root, 'services', 'billing', 'dist', 'src', 'billing-run', 'billing-cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', program, ...given], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: portal.databaseUrl('billing') },
  });
  if (status !== 0) throw new Error(`billing ${given.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout.trimEnd();
}
