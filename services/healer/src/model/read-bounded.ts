/** A completion of a few hundred tokens has a few kilobytes; a larger body is no valid response. */
const MAX_BYTES = 262_144;

/** Reads the body as text. Throws when it is larger than `maxBytes`. */
export async function readBounded(response: Response, maxBytes = MAX_BYTES): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw new RangeError(`the response is longer than ${maxBytes} bytes`);
    }
    chunks.push(value);
  }
}
