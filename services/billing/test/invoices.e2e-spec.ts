import type { Bus } from '@gridworks/bus';
import { getInvoice, getInvoicePdf, listInvoices, newId, type Principal } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InvoiceRepository } from '../src/invoices/invoice.repository.ts';
import type { InvoiceDocument } from '../src/invoices/invoice-document.ts';
import { LedgerRepository } from '../src/ledger/ledger.repository.ts';
import { startBilling } from './billing-under-test.ts';
import { readPdf } from './read-pdf.ts';
import { SAMPLE_INVOICES } from './sample-invoices.ts';

const AT = new Date('2026-12-01T00:00:00Z');
const invoice = SAMPLE_INVOICES['gst-other-state'] as InvoiceDocument;
const note = SAMPLE_INVOICES['credit-note'] as InvoiceDocument;
/** The same document in a year: each test, and each run of it, has series of its own. */
const inYear = (year: number, document = invoice): InvoiceDocument => ({
  ...document,
  issuedOn: `${year}-12-01`,
});

const accountant = (partnerId: string): Principal => ({
  ...{ kind: 'session', id: newId('session'), partner_id: partnerId, user_id: newId('user') },
  ...{ role: 'billing', mode: null, authenticated_at: new Date().toISOString() },
});

describe('invoices', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let database: Database;
  let ledger: LedgerRepository;
  let invoices: InvoiceRepository;
  let year = 2100;
  beforeEach(() => {
    year++;
  });
  beforeAll(async () => {
    billing = await startBilling();
    const { module } = await billing.startInstance();
    database = module.get(Database);
    await database.whenReady();
    gateway = await billing.startGateway();
    ledger = new LedgerRepository(database);
    invoices = new InvoiceRepository(database, ledger);
  });
  afterAll(() => billing.stop());

  const draft = (partner: string, document: InvoiceDocument, corrects: string | null = null) =>
    database.transaction((tx) => invoices.createDraft(tx, partner, document, corrects));
  const finalize = (partner: string, id: string) =>
    database.transaction((tx) => invoices.finalize(tx, partner, id, AT));
  const voided = (partner: string, id: string) =>
    database.transaction((tx) => invoices.void(tx, partner, id, AT));
  const refusal = (code: string) => expect.objectContaining({ code: `BILLING.${code}` });

  it('get a number and a posting when they are finalized, and read back as they were stored', async () => {
    const partner = newId('partner');
    const id = await draft(partner, inYear(year));
    expect(await invoices.get(partner, id)).toMatchObject({ document: { status: 'draft', number: null } });
    const { document } = await finalize(partner, id);
    expect(document).toEqual({ ...inYear(year), number: `GW-${year}-000001` });
    expect((await invoices.get(partner, id)).document).toEqual(document);
    expect(await ledger.balances(partner)).toEqual([
      { account: 'receivable', currency: 'INR', amount: 1_618_269n },
      { account: 'revenue', currency: 'INR', amount: -1_371_414n },
      { account: 'tax_payable', currency: 'INR', amount: -246_855n },
    ]);
    await expect(finalize(partner, id)).rejects.toThrow(refusal('INVOICE_NOT_DRAFT'));
    await expect(finalize(newId('partner'), id)).rejects.toThrow(refusal('INVOICE_NOT_FOUND'));
  });

  it('are listed, shown and rendered for people of the partner who may see them', async () => {
    const partner = newId('partner');
    const id = await draft(partner, inYear(year));
    await finalize(partner, id);
    const second = await draft(partner, inYear(year));
    const principal = accountant(partner);
    const list = await gateway.request(listInvoices, {}, { principal });
    expect(list.data.map((one) => [one.id, one.number, one.status])).toEqual([
      [second, null, 'draft'],
      [id, `GW-${year}-000001`, 'finalized'],
    ]);
    const shown = await gateway.request(getInvoice, { id }, { principal });
    expect(shown).toMatchObject({
      ...{ net: 1_371_414, total: 1_618_269, due: 1_618_269, issued_on: `${year}-12-01` },
      tax: { treatment: 'standard', components: [{ name: 'IGST', rate: '18', amount: 246_855 }] },
      lines: [{ amount: 490_000 }, { quantity: 734_512, unit_amount: '1.2', taxes: [158_655] }],
    });
    const file = await gateway.request(getInvoicePdf, { id }, { principal });
    expect(file.file_name).toBe(`GW-${year}-000001.pdf`);
    expect(readPdf(Buffer.from(file.base64, 'base64')).join(' ')).toContain(`GW-${year}-000001`);
    const others = { principal: accountant(newId('partner')) };
    expect((await gateway.request(listInvoices, {}, others)).data).toEqual([]);
    for (const contract of [getInvoice, getInvoicePdf])
      await expect(gateway.request(contract, { id }, others)).rejects.toThrow(refusal('INVOICE_NOT_FOUND'));
    const developer = { principal: { ...principal, role: 'developer' as const } };
    await expect(gateway.request(getInvoice, { id }, developer)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('have numbers without gaps, although 50 are finalized at once and every third fails', async () => {
    const partners = Array.from({ length: 50 }, () => newId('partner'));
    const ids: string[] = [];
    for (const partner of partners) ids.push(await draft(partner, inYear(year)));
    const results = await Promise.allSettled(
      ids.map((id, index) =>
        database.transaction(async (tx) => {
          await invoices.finalize(tx, partners[index] as string, id, AT);
          // The number is given already.
          if (index % 3 === 0) await tx.manager.query('select 1 / 0');
        }),
      ),
    );
    const done = results.filter(({ status }) => status === 'fulfilled').length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThanOrEqual(33);
    const numbers = await billing.query<{ number: string }>(
      `select number from invoices where series = 'GW-${year}' order by number`,
    );
    expect(numbers.map(({ number }) => Number(number))).toEqual(
      Array.from({ length: done }, (_, n) => n + 1),
    );
    expect(await billing.query(`select last_number from invoice_series where id = 'GW-${year}'`)).toEqual([
      { last_number: String(done) },
    ]);
    const posted = `select count(*)::int as n from ledger_transactions where reference = any ($1)`;
    expect(await billing.query(posted, [ids])).toEqual([{ n: done }]);
  });

  it('are numbered once, also when two finalize the same draft', async () => {
    const partner = newId('partner');
    const id = await draft(partner, inYear(year));
    const results = await Promise.allSettled([finalize(partner, id), finalize(partner, id)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await billing.query(`select last_number from invoice_series where id = 'GW-${year}'`)).toEqual([
      { last_number: '1' },
    ]);
  });

  it('do not change once they are finalized, whoever asks', async () => {
    const partner = newId('partner');
    const id = await draft(partner, inYear(year));
    await finalize(partner, id);
    const run = (sql: string) =>
      database.transaction((tx) => tx.manager.query(`${sql} where id = $1`, [id]) as Promise<unknown>);
    for (const change of [
      `update invoices set document = document || '{"terms": "none"}'`,
      'update invoices set number = number + 1',
      `update invoices set partner_id = 'par_other'`,
      `update invoices set status = 'draft', number = null, series = null, finalized_at = null`,
      'delete from invoices',
    ])
      await expect(run(change)).rejects.toThrow('is finalized');
    await run(`update invoices set payment_status = 'paid'`);
    await expect(voided(partner, id)).rejects.toThrow(refusal('INVOICE_NOT_VOIDABLE'));
  });

  it('are voided as a whole, which leaves nothing in the ledger and keeps the number', async () => {
    const partner = newId('partner');
    const id = await draft(partner, inYear(year));
    await expect(voided(partner, id)).rejects.toThrow(refusal('INVOICE_NOT_VOIDABLE'));
    await finalize(partner, id);
    expect((await voided(partner, id)).document).toMatchObject({
      status: 'voided',
      number: `GW-${year}-000001`,
    });
    expect(await ledger.balances(partner)).toEqual([]);
    await expect(voided(partner, id)).rejects.toThrow(refusal('INVOICE_NOT_VOIDABLE'));
  });

  it('are corrected by credit notes with numbers of their own, up to their total', async () => {
    const partner = newId('partner');
    const id = await draft(partner, inYear(year));
    await expect(draft(partner, inYear(year, note), id)).rejects.toThrow(refusal('INVOICE_NOT_CORRECTABLE'));
    await finalize(partner, id);
    const large = inYear(year, { ...invoice, type: 'credit_note' });
    // Both fit when they are drawn up; the second no longer when it is finalized.
    const [small, whole] = [await draft(partner, inYear(year, note), id), await draft(partner, large, id)];
    expect((await finalize(partner, small)).document.number).toBe(`GWC-${year}-000001`);
    await expect(finalize(partner, whole)).rejects.toThrow(refusal('INVOICE_NOT_CORRECTABLE'));
    await expect(voided(partner, id)).rejects.toThrow(refusal('INVOICE_NOT_VOIDABLE'));
    const [receivable] = await ledger.balances(partner);
    expect(receivable).toEqual({ account: 'receivable', currency: 'INR', amount: 1_618_269n - 169_920n });
    await expect(draft(newId('partner'), inYear(year, note), id)).rejects.toThrow(
      refusal('INVOICE_NOT_FOUND'),
    );
  });
});
