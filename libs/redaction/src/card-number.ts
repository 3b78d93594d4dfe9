/** First digits and lengths of the card schemes: Visa, Mastercard, American Express, Diners, Discover, UnionPay, JCB, Maestro. */
const SCHEMES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|2[2-7])/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0|6|8|9)/, [14, 16]],
  [/^35/, [16]],
  [/^6/, [13, 14, 15, 16, 17, 18, 19]],
  [/^5[06-9]/, [13, 14, 15, 16, 17, 18, 19]],
];
/**
 * Digits with at most two blanks or hyphens between them. A part of a word, or of a number with a point, is
 * no card.
 */
const RUN = /(?<!\w|\d[.-])\d(?:[ -]{0,2}\d){12,}(?!\w|\.\d|-\d)/g;
const SHORTEST = 13;
const LONGEST = 19;
/** Puts `[card]` in place of each card number: digits of a scheme and a length of it that pass Luhn's check. */
export function hideCards(text: string): string {
  return text.replace(RUN, (run) => {
    let out = '';
    const groups = [...run.matchAll(/\d+|\D+/g)].map(([part]) => part);
    for (let at = 0; at < groups.length; ) {
      const length = lengthOfCard(groups, at);
      out += length > 0 ? '[card]' : groups[at];
      at += Math.max(1, length);
    }
    return out;
  });
}

/** How many parts from `at` on (digits and their separators) form one card number; 0 when none does. */
function lengthOfCard(parts: readonly string[], at: number): number {
  let digits = '';
  let found = 0;
  for (let next = at; next < parts.length; next += 2) {
    digits += parts[next];
    if (digits.length > LONGEST) break; // at most 19 digits are checked
    if (digits.length >= SHORTEST && isCardNumber(digits)) found = next - at + 1;
  }
  return found;
}

const isCardNumber = (digits: string): boolean =>
  passesLuhn(digits) &&
  SCHEMES.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
