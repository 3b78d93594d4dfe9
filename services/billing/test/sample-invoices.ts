import { composeInvoice } from '../src/invoices/compose-invoice.ts';
import type { InvoiceDocument, InvoiceParty } from '../src/invoices/invoice-document.ts';
import { Decimal, roundHalfUp } from '../src/money/round.ts';
import { SAC_CODE } from '../src/tax/tax-regions.ts';
import { type TaxParty, treatSupply } from '../src/tax/treat-supply.ts';

const INDIA: InvoiceParty = {
  name: 'GridWorks Technologies Private Limited',
  address: ['4th Floor, 12 Residency Road', 'Bengaluru 560025, Karnataka (29)', 'India'],
  taxId: { label: 'GSTIN', id: '29AABCG1234D1ZN' },
  email: 'billing@gridworks.example',
};
const GERMANY: InvoiceParty = {
  name: 'GridWorks GmbH',
  address: ['Torstraße 140', '10119 Berlin', 'Germany'],
  taxId: { label: 'VAT', id: 'DE123456789' },
  email: 'billing@gridworks.example',
};

interface Sample {
  readonly seller: InvoiceParty;
  readonly from: TaxParty;
  readonly to: TaxParty;
  readonly buyer: Partial<InvoiceParty> & { readonly name: string };
  readonly currency: string;
  readonly locale: string;
  /** Description, quantity and price of one in minor units. */
  readonly lines: readonly (readonly [string, bigint, string])[];
  readonly changes?: Partial<InvoiceDocument>;
  readonly credits?: bigint;
  readonly lut?: string;
}

const PAY_TO = [
  { label: 'Bank', value: 'Example Bank, Residency Road, Bengaluru' },
  { label: 'Account', value: '0012 3456 7890' },
  { label: 'IFSC', value: 'EXMP0000012' },
];

function invoice({ seller, from, to, buyer, currency, locale, lines, ...rest }: Sample): InvoiceDocument {
  const detail = from.country === 'IN' ? `SAC ${SAC_CODE}` : null;
  return composeInvoice({
    ...{ type: 'invoice', status: 'finalized', number: 'GW-2026-000042', currency, locale, seller },
    ...{ issuedOn: '2026-12-01', dueOn: '2026-12-15', period: { from: '2026-11-01', to: '2026-11-30' } },
    buyer: { address: [], taxId: null, email: null, ...buyer },
    ...{
      corrects: null,
      treatment: treatSupply(from, to, rest.lut ? { lut: rest.lut } : {}),
      inclusive: false,
    },
    payTo: PAY_TO,
    terms: 'Please pay by bank transfer within 14 days, with the invoice number as the reference.',
    credits: rest.credits ?? 0n,
    ...rest.changes,
    lines: lines.map(([description, quantity, unitAmount]) => ({
      ...{ description, detail, quantity, unitAmount },
      amount: roundHalfUp(new Decimal(unitAmount).times(quantity.toString())),
    })),
  });
}

const KARNATAKA: TaxParty = { country: 'IN', taxId: '29AABCG1234D1ZN' };
const PLAN = ['Growth plan, November 2026', 1n, '490000'] as const;
const CALLS = ['Calls above the included 500,000', 734_512n, '1.2'] as const;
const IN_KARNATAKA: Sample = {
  ...{ seller: INDIA, from: KARNATAKA, to: { country: 'IN', state: 'KA' }, currency: 'INR', locale: 'en-IN' },
  buyer: {
    name: 'Lakshmi Logistics LLP',
    address: ['88 Brigade Road', 'Bengaluru 560001, Karnataka (29)', 'India'],
    taxId: { label: 'GSTIN', id: '29AAPFU0939F1ZR' },
    email: 'accounts@lakshmi.example',
  },
  lines: [PLAN, CALLS],
};
const IN_EUROS: Sample = {
  ...{
    seller: GERMANY,
    from: { country: 'DE', taxId: 'DE123456789' },
    to: { country: 'FR', taxId: 'FRXX999999999' },
  },
  ...{ currency: 'EUR', locale: 'en-IE' },
  buyer: {
    name: 'Société Générale de Transport et de Logistique Intermodale du Sud-Ouest et des Pyrénées, S.A.S.',
    address: ['12 bis, avenue du Général-de-Gaulle', '31000 Toulouse', 'France'],
    taxId: { label: 'VAT', id: 'FRXX999999999' },
  },
  lines: [
    ['Scale plan, November 2026', 1n, '49900'],
    ['Calls above the included 10,000,000, first tier', 2_300_000n, '0.0065'],
  ],
};
const elsewhere = (country: string, name: string) => ({
  to: { country },
  buyer: { name, address: [country] },
});

/** One document of every kind that looks different. */
export const SAMPLE_INVOICES: Readonly<Record<string, InvoiceDocument>> = {
  'one-line': invoice({ ...IN_EUROS, lines: [['Growth plan, November 2026', 1n, '4900']] }),
  'gst-same-state': invoice({ ...IN_KARNATAKA, credits: 100_000n }),
  'gst-other-state': invoice({
    ...IN_KARNATAKA,
    to: { country: 'IN', taxId: '27AAPFU0939F1ZV' },
    buyer: {
      name: 'Unity Freight',
      address: ['1 Nariman Point', 'Mumbai 400021, Maharashtra (27)', 'India'],
      taxId: { label: 'GSTIN', id: '27AAPFU0939F1ZV' },
    },
  }),
  'gst-export': invoice({
    ...{ ...IN_KARNATAKA, lut: 'AD290326012345X', currency: 'USD', locale: 'en-US' },
    ...elsewhere('US', 'Great Plains Freight, Inc.'),
  }),
  'reverse-charge': invoice(IN_EUROS),
  'sixty-lines': invoice({
    ...IN_EUROS,
    lines: Array.from({ length: 60 }, (_, index) => [
      index % 7 === 3
        ? `Calls of the route product ${index + 1}, with a name so long that it is wrapped over two lines of the table`
        : `Calls of product ${index + 1}`,
      BigInt(1000 + index * 977),
      '0.125',
    ]),
  }),
  yen: invoice({
    ...{ ...IN_EUROS, currency: 'JPY', locale: 'en-JP', from: { country: 'JP' } },
    seller: {
      ...GERMANY,
      name: 'GridWorks K.K.',
      address: ['2-1 Marunouchi', 'Tokyo 100-0005', 'Japan'],
      taxId: null,
    },
    ...elsewhere('JP', 'Kansai Kamotsu K.K.'),
    lines: [
      ['Scale plan, November 2026', 1n, '80000'],
      ['Calls above the included 10,000,000', 1_234_567n, '0.0105'],
    ],
    changes: { inclusive: true },
  }),
  dinar: invoice({
    ...{ ...IN_EUROS, currency: 'KWD', locale: 'en-KW' },
    ...elsewhere('KW', 'Gulf Logistics W.L.L.'),
    lines: [
      ['Scale plan, November 2026', 1n, '165500'],
      ['Calls above the included 10,000,000', 1_234_567n, '0.0215'],
    ],
  }),
  'credit-note': invoice({
    ...{ ...IN_KARNATAKA, lines: [['Calls that were counted twice', 120_000n, '1.2']] },
    changes: {
      ...{ type: 'credit_note', number: 'GWC-2026-000003', dueOn: null, period: null },
      corrects: { number: 'GW-2026-000042', issuedOn: '2026-12-01' },
      payTo: [],
      terms: 'The amount is set off against the next invoice, or paid back on request.',
    },
  }),
  draft: invoice({ ...IN_KARNATAKA, changes: { status: 'draft', number: null } }),
};
