import { parseRetryAfter } from '@gridworks/resilience/browser';
import { ApiError, InvalidResponseError, type SecondFactorDemand } from './portal-error.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;
const SHOWN = 200;

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly request_id?: string;
  readonly retry_after?: number;
  readonly errors?: readonly { detail: string; pointer: string }[];
  readonly challenge?: SecondFactorDemand;
}

/**
 * Returns the JSON of a response, or undefined when it has no body.
 * @throws ApiError for a problem document; InvalidResponseError for any other response that is not the API's:
 * HTML, broken JSON
 */
export async function readResponse(response: Response): Promise<unknown> {
  const text = await response.text();
  const requestId = response.headers.get('x-request-id');
  const isJson = JSON_TYPE.test(response.headers.get('content-type') ?? '');
  const value = isJson ? parse(text) : undefined;
  if (response.ok && value !== undefined) return value;
  if (response.ok && text === '') return undefined;
  const problem = (typeof value === 'object' && value !== null ? value : {}) as Problem;
  const details = {
    status: response.status,
    requestId: problem.request_id ?? requestId,
    retryAfterMs: retryAfterMsOf(response, problem),
  };
  if (!response.ok && problem.code !== undefined)
    throw new ApiError(problem.detail ?? problem.title ?? problem.code, {
      ...details,
      code: problem.code,
      errors: problem.errors ?? [],
      challenge: problem.challenge ?? null,
    });
  const type = response.headers.get('content-type') ?? 'no content type';
  throw new InvalidResponseError(
    `The response is not the API's: status ${response.status}, ${type}: ${text.slice(0, SHOWN)}`,
    { ...details, code: 'CLIENT.INVALID_RESPONSE' },
  );
}

function retryAfterMsOf(response: Response, problem: Problem): number | null {
  const header = response.headers.get('retry-after');
  const headerMs = header === null ? undefined : parseRetryAfter(header, Date.now());
  if (headerMs !== undefined) return headerMs;
  return typeof problem.retry_after === 'number' ? problem.retry_after * 1000 : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
