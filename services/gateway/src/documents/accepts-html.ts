/** The media types of an `Accept` header with their weights, at most twenty of them. */
function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const entry of header.toLowerCase().split(',', 20)) {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(type, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return weights;
}

/**
 * Whether an `Accept` header (RFC 9110, 12.5.1) is that of a browser: it names `text/html`, and no kind of JSON
 * with a higher weight. A program that sends no header, or accepts any type, gets JSON.
 */
export function acceptsHtml(header: string | undefined): boolean {
  if (header === undefined) return false;
  const weights = weightsOf(header);
  const html = weights.get('text/html') ?? 0;
  const json = Math.max(weights.get('application/json') ?? 0, weights.get('application/problem+json') ?? 0);
  return html > 0 && html >= json;
}
