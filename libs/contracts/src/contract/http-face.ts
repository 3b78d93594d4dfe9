import type { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The place of a request in the public API, and how the gateway treats it. */
export interface HttpFace {
  readonly method: HttpMethod;
  /** `/v1/tickets/:id`. Each `:name` is a member of the input. */
  readonly path: string;
  /** The HTTP status of success. */
  readonly status: number;
  /**
   * The request takes an `Idempotency-Key`: a repeated call with the same key gets the first response, and
   * has no second effect. The handler needs no code for the key, but returns the output of its one
   * transaction.
   */
  readonly idempotent?: boolean;
  /** Milliseconds until the gateway responds with 503. Default: `GATEWAY_REQUEST_DEADLINE_MS`. */
  readonly deadlineMs?: number;
  /** The largest body in bytes, where the usual limit of 128 KiB is too small or too large. */
  readonly bodyLimitBytes?: number;
  /** Members of all objects and elements of all lists of the input together, where the usual 100 are too few. */
  readonly memberLimit?: number;
  /**
   * The member, a list, that holds the events of a body of CloudEvents 1.0 in structured mode: one (`application/cloudevents+json`), or a
   * batch (`application/cloudevents-batch+json`). Both may come as `application/json`, too.
   */
  readonly cloudEvents?: string;
  /** The member of the input that the gateway fills with the caller's network address; no caller may send it. */
  readonly addressMember?: string;
  /** The member that the gateway fills with the caller's `User-Agent`, at most 300 characters of it; no caller may send it. */
  readonly userAgentMember?: string;
  /** Further members that the gateway's own code for this request fills; no caller may send them. */
  readonly filledMembers?: readonly string[];
}

/** The members of the input that the gateway fills in and no caller may send. */
export function filledMembers({ addressMember, userAgentMember, filledMembers: more }: HttpFace): string[] {
  return [addressMember, userAgentMember, ...(more ?? [])].filter((name) => name !== undefined);
}

const PATH_FORM = /^(\/(:[a-z_]+|[a-z0-9.-]+))+$/;

/** The names of the path's parameters: `['id']` of `/v1/tickets/:id`. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/:([a-z_]+)/g)].map((match) => match[1] as string);
}

/** The same text for all paths that match the same addresses: `GET /v1/tickets/:`. */
export function addressOf({ method, path }: Pick<HttpFace, 'method' | 'path'>): string {
  return `${method} ${path.replace(/:[a-z_]+/g, ':')}`;
}

/** Throws when an HTTP face does not fit the input of its request. */
export function checkFace(subject: string, http: HttpFace, input: z.ZodType): void {
  const refuse = (why: string): never => {
    throw new Error(`${subject}: ${http.method} ${http.path} ${why}`);
  };
  if (!PATH_FORM.test(http.path)) refuse('is not a path like /v1/things/:id');
  if (http.status < 200 || http.status > 299)
    refuse(`has the status ${http.status}, which does not mean success`);
  if (http.idempotent && (http.method === 'GET' || http.method === 'DELETE'))
    refuse('takes an idempotency key, which is only for requests that are not repeatable');
  const members = (input as { shape?: object }).shape ?? {};
  for (const name of [
    ...pathParameters(http.path),
    ...filledMembers(http),
    ...(http.cloudEvents ? [http.cloudEvents] : []),
  ])
    if (!(name in members)) refuse(`names ${name}, which is not a member of the input`);
}
