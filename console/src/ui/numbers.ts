const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `1,234,567` */
export const formatCount = (count: number): string => whole.format(count);
/** `1.2M`, for axes and small places; the table shows the whole number. */
export const formatShort = (count: number): string => short.format(count);

/** A share from 0 to 1 as `99.98%`; never rounded up to 100%. */
export function formatShare(share: number, digits = 2): string {
  const step = 10 ** (digits + 2);
  return `${((Math.floor(share * step + 1e-9) / step) * 100).toFixed(digits).replace(/\.?0+$/, '')}%`;
}

/** The decimals of a currency, ISO 4217: 2 of EUR, 0 of JPY. 2 where the code is none. */
export function decimalsOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** Minor units of a currency (ISO 4217): 4900, 'EUR' is `€49.00`. */
export function formatMoney(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minor / 10 ** decimalsOf(currency));
}

/** `1 key`, `3 keys` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
