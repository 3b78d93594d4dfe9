/** A refusal of the platform port, and its reason. */
export class PlatformProblem extends Error {
  override readonly name = 'PlatformProblem';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const TITLES: Record<number, string> = {
  400: 'The request is not valid',
  401: 'A valid token is needed',
  404: 'The resource does not exist',
  409: 'The request comes too late or contradicts another',
  413: 'The request is too long',
  500: 'The supervisor failed',
};

/** The RFC 9457 body of a refusal; any error other than a PlatformProblem is a fault of the supervisor. */
export function toProblem(error: unknown) {
  const problem =
    error instanceof PlatformProblem
      ? error
      : new PlatformProblem(500, 'PLATFORM.INTERNAL', error instanceof Error ? error.message : String(error));
  const { status, code, message } = problem;
  return { type: 'about:blank', title: TITLES[status] ?? 'Refused', status, detail: message, code };
}

/** Checks the body of an act on a process. Throws PlatformProblem (400). */
export function readOperation(body: unknown): { operationId: string; epoch: number } {
  const { operation_id: operationId, epoch, reason } = asObject(body);
  if (typeof operationId !== 'string' || operationId.length < 1 || operationId.length > 128) {
    throw invalid('operation_id must be a text of 1 to 128 characters');
  }
  if (typeof epoch !== 'number' || !Number.isSafeInteger(epoch) || epoch < 0) {
    throw invalid('epoch must be a whole number, 0 or more');
  }
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > 1_000)) {
    throw invalid('reason must be a text of at most 1000 characters');
  }
  return { operationId, epoch };
}

/** The maximum number of instances of one service. */
const MOST_INSTANCES = 5;

/** Checks the body of a scale request. Throws PlatformProblem (400). */
export function readInstances(body: unknown): number {
  const { instances } = asObject(body);
  if (
    typeof instances === 'number' &&
    Number.isInteger(instances) &&
    instances >= 1 &&
    instances <= MOST_INSTANCES
  ) {
    return instances;
  }
  throw invalid(`instances must be a whole number from 1 to ${MOST_INSTANCES}`);
}

function asObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) throw invalid('the body must be a JSON object');
  return body as Record<string, unknown>;
}

function invalid(detail: string): PlatformProblem {
  return new PlatformProblem(400, 'PLATFORM.INVALID_INPUT', detail);
}
