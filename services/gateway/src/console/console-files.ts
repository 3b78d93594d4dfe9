import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Compression, PreparedDocument } from '../documents/prepared-document.ts';
import { type ConsoleList, consoleList, LIST_NAME } from './console-list.ts';
import { PAGE_HEADERS } from './page-headers.ts';

/** One address of the console and the file that is served there. `path` may have parameters: `/tickets/:id`. */
export interface ConsoleAddress {
  readonly path: string;
  readonly document: PreparedDocument;
}

const HTML = 'text/html; charset=utf-8';
const NOT_FOUND = 'not-found.html';
const YEAR = 'public, max-age=31536000, immutable';
/** Text, and formats that contain text. Pictures and fonts are compressed already. */
const COMPRESSIBLE = /^(text\/|application\/(json|manifest\+json|javascript|wasm)|image\/svg)/;

type ListedFile = ConsoleList['files'][number];

/** The built console in memory: each file once, whole and compressed, for all requests. */
export class ConsoleFiles {
  /** The console of a gateway without pages. */
  static readonly NONE = new ConsoleFiles(null, [], null);

  constructor(
    /** The build id of this console; null without a console. */
    readonly build: string | null,
    readonly addresses: readonly ConsoleAddress[],
    /** The page for people at an address that does not exist. */
    readonly notFound: PreparedDocument | null,
  ) {}

  /**
   * Reads every file of the list in `directory`. Rejects when there is no list, the list is not valid, or a
   * file is missing.
   */
  static async read(directory: string): Promise<ConsoleFiles> {
    const list = consoleList.parse(JSON.parse(await readFile(join(directory, LIST_NAME), 'utf8')));
    const pages = new Map<string, PreparedDocument>();
    const pageAt = async (file: string): Promise<PreparedDocument> => {
      const known = pages.get(file);
      if (known) return known;
      const page = await readPage(directory, file);
      pages.set(file, page);
      return page;
    };
    const addresses: ConsoleAddress[] = [];
    for (const file of list.files)
      addresses.push({ path: file.path, document: await readListed(directory, file) });
    for (const { path, file } of list.pages) addresses.push({ path, document: await pageAt(file) });
    const hasNotFound = [...list.files, ...list.pages].some(({ file }) => file === NOT_FOUND);
    return new ConsoleFiles(list.build, addresses, hasNotFound ? await pageAt(NOT_FOUND) : null);
  }
}

async function readListed(directory: string, listed: ListedFile): Promise<PreparedDocument> {
  const { file, type, immutable } = listed;
  const path = join(directory, file);
  const compressed: Partial<Record<Compression, Buffer>> = {};
  if (listed.br) compressed.br = await readFile(`${path}.br`);
  if (listed.gzip) compressed.gzip = await readFile(`${path}.gz`);
  return new PreparedDocument(await readFile(path), {
    contentType: type,
    cacheControl: immutable ? YEAR : 'no-cache',
    headers: /html|javascript/.test(type) ? PAGE_HEADERS : {},
    compressible: COMPRESSIBLE.test(type),
    compressed,
  });
}

/** A page has no field that says which compressed files exist: every one that is found is used. */
async function readPage(directory: string, file: string): Promise<PreparedDocument> {
  const path = join(directory, file);
  const [bytes, br, gzip] = await Promise.all([
    readFile(path),
    readIfThere(`${path}.br`),
    readIfThere(`${path}.gz`),
  ]);
  return new PreparedDocument(bytes, {
    contentType: HTML,
    cacheControl: 'no-cache',
    headers: PAGE_HEADERS,
    compressed: { ...(br ? { br } : {}), ...(gzip ? { gzip } : {}) },
  });
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
