import { INDIAN_STATES, type IndianState } from '@gridworks/contracts';
import { Decimal } from '../money/round.ts';
import { TAX_REGIONS, type TaxComponent } from './tax-regions.ts';

export interface TaxParty {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 3166-2 without its country. Only India needs it. */
  readonly state?: string;
  /** As `parseTaxId` returns it. */
  readonly taxId?: string;
}

export interface SupplyOptions {
  /** India: the letter of undertaking under which exports and supplies to special zones carry no IGST (CGST rule 96A). */
  readonly lut?: string;
  /** India: the buyer is a unit or developer of a special economic zone. */
  readonly specialEconomicZone?: boolean;
  /** India: a supply for which the recipient owes the tax (CGST Act, section 9(3)). */
  readonly reverseCharge?: boolean;
}

export interface TaxTreatment {
  /**
   * `standard`: the seller charges `components`; `reverse_charge`: the buyer owes the tax; `zero_rated`: taxable at 0 %;
   * `outside_scope`: no tax of the seller's country.
   */
  readonly kind: 'standard' | 'reverse_charge' | 'zero_rated' | 'outside_scope';
  /** Empty unless `kind` is `standard`. */
  readonly components: readonly TaxComponent[];
  /** What the law wants on the invoice; null when nothing is. */
  readonly note: string | null;
  /** The place of supply as an Indian invoice names it: `29-Karnataka`; null elsewhere. */
  readonly placeOfSupply: string | null;
}

const treatment = (
  kind: TaxTreatment['kind'],
  note: string | null = null,
  placeOfSupply: string | null = null,
): TaxTreatment => ({ kind, components: [], note, placeOfSupply });

/** Which tax an electronic service between two parties bears. A seller of a country without a region charges none. */
export function treatSupply(seller: TaxParty, buyer: TaxParty, options: SupplyOptions = {}): TaxTreatment {
  const region = TAX_REGIONS[seller.country];
  if (!region) return treatment('outside_scope');
  if (region.system === 'gst_in') return underIndianGst(seller, buyer, options, region.components);
  if (region.system === 'vat_eu') return underEuropeanVat(seller, buyer, region.components);
  if (buyer.country !== seller.country) return treatment('zero_rated', 'Export of services');
  return { ...treatment('standard'), components: region.components };
}

/**
 * IGST Act 2017: the place of supply is the recipient's (section 12(2), 13(2)); in the seller's state the tax is CGST and SGST
 * in equal halves, in another one IGST (sections 7 and 8); exports and special zones are zero-rated (section 16), where
 * without a letter of undertaking IGST is charged and refunded.
 */
function underIndianGst(
  seller: TaxParty,
  buyer: TaxParty,
  options: SupplyOptions,
  components: readonly TaxComponent[],
): TaxTreatment {
  const abroad = buyer.country !== 'IN';
  const from = stateOf(seller);
  // Without a state on record the place of supply is the seller's (section 12(2)(b)(ii)).
  const to = abroad ? undefined : (stateOf(buyer) ?? from);
  const place = abroad ? '96-Other country' : to ? `${to.gst}-${to.name}` : null;
  if (options.reverseCharge && !abroad)
    return treatment(
      'reverse_charge',
      'Tax is payable on reverse charge: yes (CGST Act, section 9(3))',
      place,
    );
  if (abroad || options.specialEconomicZone) {
    const supply = abroad ? 'Supply meant for export' : 'Supply to a special economic zone';
    if (options.lut)
      return treatment(
        'zero_rated',
        `${supply} under LUT ${options.lut} without payment of integrated tax`,
        place,
      );
    return {
      ...treatment('standard', `${supply} on payment of integrated tax`, place),
      components,
    };
  }
  if (!from || to !== from) return { ...treatment('standard', null, place), components };
  const halves = components.map(({ rate }) => new Decimal(rate).div('2').toFixed());
  return {
    ...treatment('standard', null, place),
    components: halves.flatMap((rate) => [
      { name: 'CGST', rate },
      { name: from.union ? 'UTGST' : 'SGST', rate },
    ]),
  };
}

function stateOf({ country, state, taxId }: TaxParty): IndianState | undefined {
  if (country !== 'IN') return undefined;
  const code = taxId?.slice(0, 2);
  return INDIAN_STATES.find(({ gst, iso }) => (code ? gst === code : iso === state));
}

/**
 * Directive 2006/112/EC: a business in another member state owes the tax itself (articles 44 and 196); a buyer without a VAT
 * number pays the rate of its own country (article 58); outside of the EU there is none.
 */
function underEuropeanVat(
  seller: TaxParty,
  buyer: TaxParty,
  components: readonly TaxComponent[],
): TaxTreatment {
  if (buyer.country === seller.country) return { ...treatment('standard'), components };
  const there = TAX_REGIONS[buyer.country];
  if (there?.system !== 'vat_eu')
    return treatment('outside_scope', 'Not subject to EU VAT: Article 44 of Directive 2006/112/EC');
  if (buyer.taxId) return treatment('reverse_charge', 'Reverse charge: Article 196 of Directive 2006/112/EC');
  return { ...treatment('standard'), components: there.components };
}
