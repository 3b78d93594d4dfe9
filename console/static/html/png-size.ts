/** Width and height of a PNG in pixels: the first chunk, IHDR, holds them (PNG 1.2, 4.1.1). */
export function pngSize(bytes: Buffer): { width: number; height: number } {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') throw new Error('the file is no PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
