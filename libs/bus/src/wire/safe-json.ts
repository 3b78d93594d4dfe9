const decoder = new TextDecoder('utf-8', { fatal: true });

// The key itself, or the key with an escape for its underscore.
const SUSPICIOUS = /__proto__|\\u005f/i;

/**
 * Parses JSON from another process. Throws a SyntaxError or TypeError (text that is not UTF-8) and nothing
 * else. A key `__proto__` is dropped, so that no later copy of the value can change a prototype.
 */
export function parseJson(bytes: Uint8Array | string): unknown {
  const text = typeof bytes === 'string' ? bytes : decoder.decode(bytes);
  return SUSPICIOUS.test(text) ? JSON.parse(text, dropPrototype) : JSON.parse(text);
}

function dropPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
