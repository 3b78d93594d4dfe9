/** One operation of the API, as the generated table lists it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` parameters, which are members of the input. */
  readonly path: string;
  /** Takes an `Idempotency-Key`: repeating it does no more than doing it once. */
  readonly idempotent: boolean;
  /** Its response is a page of a list. */
  readonly paged: boolean;
}
