import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { chooseEncoding, type Encoding } from './choose-encoding.ts';

export interface DocumentOptions {
  readonly contentType: string;
  /** The value of `Cache-Control`. Independent of it, the entity tag is checked against `If-None-Match`. */
  readonly cacheControl: string;
  /** Further headers, such as a policy for pages. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The same content, compressed earlier. A missing coding is made when it is first requested. */
  readonly compressed?: Readonly<Partial<Record<Compression, Buffer>>>;
  /** False for content that compression would not make smaller. */
  readonly compressible?: boolean;
  /** Request headers besides `Accept-Encoding` that decide which document is sent, for `Vary`. */
  readonly chosenBy?: string;
}

export type Compression = Exclude<Encoding, 'identity'>;

/** Compressing fewer bytes than this saves nothing. */
const COMPRESS_FROM_BYTES = 1024;
/** Nearly as small as the best quality, in a tenth of its time. */
const BROTLI_QUALITY = 6;

const compressors: Readonly<Record<Compression, (bytes: Buffer) => Promise<Buffer>>> = {
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
 * A document that is the same for every caller as long as the process runs. Its bytes are made once, compressed
 * once for each requested encoding, and shared by all responses. It has an entity tag for each encoding (RFC
 * 9110, 8.8.3).
 */
export class PreparedDocument {
  readonly #bytes: Buffer;
  readonly #options: DocumentOptions;
  readonly #digest: string;
  readonly #offered: readonly Encoding[];
  readonly #vary: string;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(content: string | Buffer, options: DocumentOptions) {
    this.#bytes = Buffer.from(content as string);
    this.#options = options;
    this.#digest = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 22);
    const compresses = options.compressible !== false && this.#bytes.length >= COMPRESS_FROM_BYTES;
    this.#offered = compresses ? ['br', 'gzip', 'identity'] : ['identity'];
    this.#vary = options.chosenBy ? `${options.chosenBy}, accept-encoding` : 'accept-encoding';
    this.#encoded.set('identity', Promise.resolve(this.#bytes));
    for (const [encoding, bytes] of Object.entries(options.compressed ?? {}))
      this.#encoded.set(encoding as Compression, Promise.resolve(bytes));
  }

  /** The content as text. */
  get text(): string {
    return this.#bytes.toString();
  }

  /**
   * Sends the bytes in an encoding that the client accepts, or 304 when the client has them.
   * @param status of the whole response; a response with another status than 200 is never shortened to 304
   */
  async send(request: PublicRequest, reply: PublicReply, status = 200): Promise<void> {
    const encoding = chooseEncoding(request.raw.headers['accept-encoding'], this.#offered);
    const tag = `"${this.#digest}${encoding === 'identity' ? '' : `-${encoding}`}"`;
    reply
      .headers(this.#options.headers ?? {})
      .header('cache-control', this.#options.cacheControl)
      .header('vary', this.#vary)
      .header('etag', tag);
    if (status === 200 && isNamed(tag, request.raw.headers['if-none-match'])) {
      reply.removeHeader('content-type').code(304).send();
      return;
    }
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    reply
      .code(status)
      .header('content-type', this.#options.contentType)
      .send(await this.#in(encoding));
  }

  #in(encoding: Encoding): Promise<Buffer> {
    let bytes = this.#encoded.get(encoding);
    if (!bytes) {
      bytes = compressors[encoding as Compression](this.#bytes);
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
