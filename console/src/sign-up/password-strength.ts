/**
 * A rough estimate of how hard a password is to guess: length first, then variety; repeated characters and
 * sequences count little.
 */
export function passwordStrength(password: string): { readonly score: 0 | 1 | 2 | 3; readonly word: string } {
  const different = new Set(password.toLowerCase()).size;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const worth = Math.min(password.length, different * 2) + (kinds - 1) * 2;
  if (password.length < 10) return { score: 0, word: 'Too short' };
  if (worth < 14) return { score: 1, word: 'Weak: longer is better' };
  return worth < 20 ? { score: 2, word: 'Good' } : { score: 3, word: 'Strong' };
}
