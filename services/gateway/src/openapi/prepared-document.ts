import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { chooseEncoding, type Encoding } from './choose-encoding.ts';

export interface DocumentOptions {
  readonly contentType: string;
  /** For `Cache-Control`. Whatever it says, the entity tag is checked by `If-None-Match`. */
  readonly cacheControl: string;
  /** Further headers, such as a policy for pages. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Below so many bytes compression gains nothing that is worth a header. */
const COMPRESS_FROM_BYTES = 1024;
/** Nearly as small as the best, for a tenth of its time. */
const BROTLI_QUALITY = 6;

const compressors: Readonly<Record<Exclude<Encoding, 'identity'>, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
};

/**
 * Something that is the same for everybody, as long as the process runs: its bytes are made once, compressed once for
 * each encoding that is asked for, and shared by all responses. Has an entity tag for each encoding (RFC 9110, 8.8.3).
 */
export class PreparedDocument {
  readonly #bytes: Buffer;
  readonly #options: DocumentOptions;
  readonly #digest: string;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(content: string | Buffer, options: DocumentOptions) {
    this.#bytes = Buffer.from(content as string);
    this.#options = options;
    this.#digest = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 22);
    this.#encoded.set('identity', Promise.resolve(this.#bytes));
  }

  /** Answers with the bytes in an encoding that the client takes, or with 304 when it has them. */
  async send(request: PublicRequest, reply: PublicReply): Promise<void> {
    const offered: readonly Encoding[] =
      this.#bytes.length < COMPRESS_FROM_BYTES ? ['identity'] : ['br', 'gzip', 'identity'];
    const encoding = chooseEncoding(request.raw.headers['accept-encoding'], offered);
    const tag = `"${this.#digest}${encoding === 'identity' ? '' : `-${encoding}`}"`;
    reply
      .headers(this.#options.headers ?? {})
      .header('cache-control', this.#options.cacheControl)
      .header('vary', 'accept-encoding')
      .header('etag', tag);
    if (isNamed(tag, request.raw.headers['if-none-match'])) {
      reply.removeHeader('content-type').code(304).send();
      return;
    }
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    reply.header('content-type', this.#options.contentType).send(await this.#in(encoding));
  }

  #in(encoding: Encoding): Promise<Buffer> {
    let bytes = this.#encoded.get(encoding);
    if (!bytes) {
      bytes = compressors[encoding as keyof typeof compressors](this.#bytes);
      this.#encoded.set(encoding, bytes);
    }
    return bytes;
  }
}

/** Whether an `If-None-Match` names this tag, by weak comparison. */
function isNamed(tag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => {
    const text = one.trim();
    return text === '*' || text === tag || text === `W/${tag}`;
  });
}
