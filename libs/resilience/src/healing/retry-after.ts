type Named = Record<string, unknown>;

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const get = (headers as { get?: unknown }).get;
  if (typeof get === 'function') {
    const value = get.call(headers, name);
    return typeof value === 'string' ? value : undefined;
  }
  for (const [key, value] of Object.entries(headers))
    if (key.toLowerCase() === name) return typeof value === 'number' ? String(value) : asText(value);
  return undefined;
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Array.isArray(value) ? asText(value[0]) : undefined;

const milliseconds = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** The field's value in milliseconds from `now`: seconds, or an HTTP date (RFC 9110, 10.2.3). A past date is 0. */
export function parseRetryAfter(value: string, now: number): number | undefined {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // Date.parse accepts almost any text; an HTTP date always names its month.
  if (!/[A-Za-z]{3}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/**
 * The wait that the other side requested, in milliseconds, wherever the error has it: `retryAfterMs`,
 * `retry_after_ms`, `retry-after-ms` and `Retry-After` in `headers`, `response.headers` or `responseHeaders`,
 * here or in a cause. Getters that throw are handled.
 */
export function retryAfterOf(error: unknown, now: number, depth = 3): number | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined;
  try {
    const named = error as Named;
    const own = milliseconds(named.retryAfterMs) ?? milliseconds(named.retry_after_ms);
    if (own !== undefined) return own;
    const response = named.response as Named | undefined;
    for (const headers of [named.headers, response?.headers, named.responseHeaders]) {
      const precise = header(headers, 'retry-after-ms');
      if (precise !== undefined && /^\d+(\.\d+)?$/.test(precise)) return Number(precise);
      const plain = header(headers, 'retry-after');
      const parsed = plain === undefined ? undefined : parseRetryAfter(plain, now);
      if (parsed !== undefined) return parsed;
    }
    return retryAfterOf(named.cause, now, depth - 1);
  } catch {
    return undefined;
  }
}
