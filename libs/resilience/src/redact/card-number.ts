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

/** True when a run of digits (blanks and hyphens between them) is, or holds, a card number. */
export function isCardNumber(run: string): boolean {
  const digits = run.replace(/\D/g, '');
  for (let start = 0; start + 13 <= digits.length; start++) {
    const rest = digits.slice(start, start + 19);
    for (const [prefix, lengths] of SCHEMES) {
      if (!prefix.test(rest)) continue;
      for (const length of lengths)
        if (length <= rest.length && passesLuhn(rest.slice(0, length))) return true;
    }
  }
  return false;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
