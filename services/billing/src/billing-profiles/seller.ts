import { AppError } from '@gridworks/contracts';
import { z } from 'zod';
import { parseTaxId } from '../tax/tax-id.ts';
import { countryName } from './billing-profile.ts';

/** Who sends the invoices: the setting `BILLING_SELLER`. */
export const sellerSchema = z
  .strictObject({
    legal_name: z.string().min(1).max(200),
    address_lines: z.array(z.string().min(1).max(100)).min(1).max(3),
    city: z.string().min(1).max(80),
    postal_code: z.string().min(1).max(16).nullable().default(null),
    country: z.string().refine((code) => /^[A-Z]{2}$/.test(code) && countryName(code), 'is no country'),
    state: z.string().length(2).nullable().default(null),
    tax_id: z.string().nullable().default(null),
    email: z.email(),
    /** India: the letter of undertaking under which exports bear no tax. */
    lut: z.string().min(1).max(40).optional(),
    /** Days between an invoice and the day on which it is due. */
    payment_days: z.number().int().min(0).max(120).default(14),
    /** Where a transfer goes, as it is printed: `[{"label":"IBAN","value":"DE02 1203 0000 0000 2020 51"}]`. */
    pay_to: z
      .array(z.strictObject({ label: z.string().min(1).max(30), value: z.string().min(1).max(60) }))
      .max(6)
      .default([]),
    terms: z
      .string()
      .min(1)
      .max(500)
      .default('Please pay by the day named above, with the invoice number as the reference.'),
  })
  .superRefine(({ country, tax_id }, context) => {
    if (tax_id === null) return;
    try {
      parseTaxId(country, tax_id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      context.addIssue({ code: 'custom', message: error.message, path: ['tax_id'] });
    }
  });
export type Seller = z.output<typeof sellerSchema>;

/** The setting: JSON, or nothing for the local seller. */
export const sellerSetting = z
  .string()
  .default(() => LOCAL_SELLER)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(sellerSchema);

/** The seller of a portal that nobody has configured: invented, and good enough to see what an invoice looks like. */
export const LOCAL_SELLER = JSON.stringify({
  legal_name: 'GridWorks Technologies Private Limited',
  address_lines: ['4th Floor, 12 Residency Road'],
  ...{ city: 'Bengaluru', postal_code: '560025', country: 'IN', state: 'KA' },
  ...{ tax_id: '29AABCG1234D1Z3', email: 'billing@gridworks.example', lut: 'AD290326012345X' },
  pay_to: [
    { label: 'Bank', value: 'Example Bank, Residency Road, Bengaluru' },
    { label: 'Account', value: '0012 3456 7890' },
    { label: 'IFSC', value: 'EXMP0000012' },
    { label: 'SWIFT', value: 'EXMPINBB' },
  ],
});
