/** The states and union territories of India by ISO 3166-2:IN; a spec compares them with the contract. */
export const INDIAN_STATES: readonly (readonly [code: string, name: string])[] = [
  ['JK', 'Jammu and Kashmir'],
  ['HP', 'Himachal Pradesh'],
  ['PB', 'Punjab'],
  ['CH', 'Chandigarh'],
  ['UK', 'Uttarakhand'],
  ['HR', 'Haryana'],
  ['DL', 'Delhi'],
  ['RJ', 'Rajasthan'],
  ['UP', 'Uttar Pradesh'],
  ['BR', 'Bihar'],
  ['SK', 'Sikkim'],
  ['AR', 'Arunachal Pradesh'],
  ['NL', 'Nagaland'],
  ['MN', 'Manipur'],
  ['MZ', 'Mizoram'],
  ['TR', 'Tripura'],
  ['ML', 'Meghalaya'],
  ['AS', 'Assam'],
  ['WB', 'West Bengal'],
  ['JH', 'Jharkhand'],
  ['OD', 'Odisha'],
  ['CG', 'Chhattisgarh'],
  ['MP', 'Madhya Pradesh'],
  ['GJ', 'Gujarat'],
  ['DH', 'Dadra and Nagar Haveli and Daman and Diu'],
  ['MH', 'Maharashtra'],
  ['KA', 'Karnataka'],
  ['GA', 'Goa'],
  ['LD', 'Lakshadweep'],
  ['KL', 'Kerala'],
  ['TN', 'Tamil Nadu'],
  ['PY', 'Puducherry'],
  ['AN', 'Andaman and Nicobar Islands'],
  ['TS', 'Telangana'],
  ['AP', 'Andhra Pradesh'],
  ['LA', 'Ladakh'],
];

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that have a name and are no countries of ISO 3166-1. */
const NO_COUNTRIES = new Set('AC CP DG EA EU EZ IC QO TA UN XA XB XK ZZ'.split(' '));

/** The countries that the browser knows by name, sorted by name; codes of ISO 3166-1 alpha-2. */
export function countries(): { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => !NO_COUNTRIES.has(code) && new Intl.Locale(`und-${code}`).region === code)
    .map((code) => ({ value: code, label: names.of(code) ?? '' }))
    .filter(({ label }) => label !== '')
    .sort((one, other) => one.label.localeCompare(other.label, 'en'));
}

/** Browsers list these zones by their names of before 1995 or of other spellings; people look for those of today. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** The time zones that the browser knows, UTC first, and `current`, which it may know by another name. */
export function timeZones(current: string): { readonly value: string; readonly label: string }[] {
  const known = Intl.supportedValuesOf('timeZone').map((zone) => RENAMED[zone] ?? zone);
  return ['UTC', ...new Set([...known, current].sort())]
    .filter((zone, index) => zone !== 'UTC' || index === 0)
    .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}
