/** A part of a tax, and its rate in percent as a decimal string. */
export interface TaxComponent {
  readonly name: string;
  readonly rate: string;
}

export interface TaxRegion {
  /** Which rules say who owes the tax: see `treat-supply.ts`. */
  readonly system: 'gst_in' | 'vat_eu' | 'domestic';
  readonly components: readonly TaxComponent[];
  /** Whether prices in this region include the tax, unless the plan says otherwise. */
  readonly inclusive: boolean;
}

const region = (system: TaxRegion['system'], name: string, rate: string, inclusive = false): TaxRegion => ({
  ...{ system, components: [{ name, rate }], inclusive },
});
const vat = (rate: string): TaxRegion => region('vat_eu', 'VAT', rate);

/**
 * Standard rates by country (ISO 3166-1 alpha-2), as of November 2026. EU: "Taxes in Europe" database of the European
 * Commission. India: notification 11/2017 of the CGST Act, heading 9983. A changed rate is a changed row: finalized invoices keep theirs.
 */
export const TAX_REGIONS: Readonly<Record<string, TaxRegion>> = {
  IN: region('gst_in', 'IGST', '18'),
  AT: vat('20'),
  BE: vat('21'),
  BG: vat('20'),
  CY: vat('19'),
  CZ: vat('21'),
  DE: vat('19'),
  DK: vat('25'),
  EE: vat('24'),
  ES: vat('21'),
  FI: vat('25.5'),
  FR: vat('20'),
  GR: vat('24'),
  HR: vat('25'),
  HU: vat('27'),
  IE: vat('23'),
  IT: vat('22'),
  LT: vat('21'),
  LU: vat('17'),
  LV: vat('21'),
  MT: vat('18'),
  NL: vat('21'),
  PL: vat('23'),
  PT: vat('23'),
  RO: vat('21'),
  SE: vat('25'),
  SI: vat('22'),
  SK: vat('23'),
  AU: region('domestic', 'GST', '10', true),
  CH: region('domestic', 'VAT', '8.1'),
  GB: region('domestic', 'VAT', '20'),
  JP: region('domestic', 'Consumption tax', '10', true),
  SG: region('domestic', 'GST', '9'),
};

/** The service accounting code of what the portal sells: hosting and IT infrastructure provisioning (India, GST). */
export const SAC_CODE = '998315';
