import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
/** Below this size the saved bytes are fewer than those of the headers. */
const WORTH_BYTES = 512;

/** Writes `file.br` and `file.gz` beside a file, where they are smaller. Returns which of them exist. */
export async function compressFile(file: string): Promise<{ br: boolean; gzip: boolean }> {
  const bytes = await readFile(file);
  if (bytes.length < WORTH_BYTES) return { br: false, gzip: false };
  const [small, smallish] = await Promise.all([
    brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    zip(bytes, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  const kept = { br: small.length < bytes.length, gzip: smallish.length < bytes.length };
  await Promise.all([
    kept.br ? writeFile(`${file}.br`, small) : undefined,
    kept.gzip ? writeFile(`${file}.gz`, smallish) : undefined,
  ]);
  return kept;
}
