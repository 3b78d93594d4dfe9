/** Content codings that prepared documents come in. */
export type Encoding = 'br' | 'gzip' | 'identity';

/**
 * The coding of a response by `Accept-Encoding` (RFC 9110, 12.5.3): of those with the highest weight the first that is
 * offered. Without the header, and when it allows nothing that is offered, `identity`.
 */
export function chooseEncoding(
  header: string | string[] | undefined,
  offered: readonly Encoding[],
): Encoding {
  if (typeof header !== 'string') return 'identity';
  const weights = new Map<string, number>();
  for (const entry of header.toLowerCase().split(',', 20)) {
    const [coding = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  const weightOf = (encoding: Encoding): number =>
    weights.get(encoding) ?? (encoding === 'identity' ? 0.0001 : (weights.get('*') ?? 0));
  let best: Encoding = 'identity';
  let most = 0;
  for (const encoding of offered) {
    const weight = weightOf(encoding);
    if (weight > most) [best, most] = [encoding, weight];
  }
  return best;
}
