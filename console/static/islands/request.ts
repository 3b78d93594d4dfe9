/** A refusal of the API, or a failed connection (`status` 0). */
export class RequestFailed extends Error {
  readonly status: number;
  /** Seconds after which a retry may help; null when the response has no such time. */
  readonly retryAfter: number | null;

  constructor(status: number, message: string, retryAfter: number | null = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const TIMEOUT_MS = 10_000;

interface Problem {
  readonly title?: string;
  readonly retry_after?: number;
}

/** The JSON of an address of the portal. Rejects with `RequestFailed`. */
export async function request(path: string, method = 'GET', body?: object): Promise<unknown> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new RequestFailed(0, 'The API could not be reached');
  });
  const json: unknown = await response.json().catch(() => null);
  if (response.ok && json !== null) return json;
  const { title, retry_after: retryAfter } = (json ?? {}) as Problem;
  throw new RequestFailed(
    response.status,
    title ?? 'The response was not the API\u2019s',
    typeof retryAfter === 'number' ? retryAfter : null,
  );
}
