/** A page of a list, as the API sends it. */
export interface Page<T> {
  readonly object: 'list';
  readonly url: string;
  readonly has_more: boolean;
  readonly data: readonly T[];
}

type ListInput = Readonly<Record<string, unknown>>;
type ReadPage<T> = (input: ListInput) => Promise<Page<T>>;

/**
 * A requested list. `await` returns its first page; `for await` iterates over every row of all pages, and
 * reads a page when its first row is needed.
 */
export class PagedList<T extends { readonly id?: unknown }>
  implements PromiseLike<Page<T>>, AsyncIterable<T>
{
  readonly #read: ReadPage<T>;
  readonly #input: ListInput;

  constructor(read: ReadPage<T>, input: ListInput = {}) {
    this.#read = read;
    this.#input = input;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a list gives its first page, as users of other clients know it
  then<A = Page<T>, B = never>(
    onPage?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#read(this.#input).then(onPage, onError);
  }

  /** The pages, one after another. */
  async *pages(): AsyncGenerator<Page<T>> {
    let input = this.#input;
    for (;;) {
      const page = await this.#read(input);
      yield page;
      const last = page.data.at(-1);
      if (!page.has_more || last?.id === undefined) return;
      input = { ...this.#input, ending_before: undefined, starting_after: last.id };
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for await (const page of this.pages()) yield* page.data;
  }
}
