/** One operation of the API, as the generated table lists it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path with `:name` parameters, which are members of the input. */
  readonly path: string;
  /** Accepts an `Idempotency-Key`: repeated calls with one key have one effect. */
  readonly idempotent: boolean;
  /** The response is a page of a list. */
  readonly paged: boolean;
}
