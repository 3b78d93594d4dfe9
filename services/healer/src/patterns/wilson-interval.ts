/** The standard normal quantile of a two-sided 95% interval. */
const Z_95 = 1.959963984540054;

/**
 * The lower end of the 95% Wilson score interval of a success rate: the least that the true rate is likely to
 * be after so few trials. 0 without trials. Weights need not be whole numbers: a smaller weight is less
 * certain.
 *
 * E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
 * American Statistical Association 22 (1927), 209-212; as in the NIST/SEMATECH e-Handbook of Statistical
 * Methods, 7.2.4.1.
 */
export function wilsonLowerBound(successes: number, trials: number): number {
  if (!(trials > 0)) return 0;
  const rate = Math.min(1, Math.max(0, successes / trials));
  const z2 = Z_95 * Z_95;
  const centre = rate + z2 / (2 * trials);
  const spread = Z_95 * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  return Math.min(rate, Math.max(0, (centre - spread) / (1 + z2 / trials)));
}
