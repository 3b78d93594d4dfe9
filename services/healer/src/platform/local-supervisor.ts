import type { DiskAct } from '@gridworks/contracts';
import type { HealingEnvironment } from '@gridworks/resilience';
import { z } from 'zod';
import { type HttpResponse, httpCall } from './http-call.ts';
import {
  diskOutcomeSchema,
  PING_TIMEOUT_MS,
  type Platform,
  PlatformError,
  type PlatformOperation,
  platformDiskSchema,
  platformProcessSchema,
} from './platform.ts';
import { type PlatformRequest, platformCalls } from './platform-call.ts';

const listing = z.object({ processes: z.array(platformProcessSchema) });
const diskListing = z.object({ disks: z.array(platformDiskSchema) });
const single = z.object({ process: platformProcessSchema });
const problem = z.object({
  detail: z.string().optional(),
  title: z.string().optional(),
  code: z.string().optional(),
});

/**
 * Starting a server again takes seconds at worst (recovery of PostgreSQL); reading takes only milliseconds.
 */
const ACT_TIMEOUT_MS = 20_000;
const READ_TIMEOUT_MS = 2000;
/** The sizes of all files of the portal are added up. */
const DISKS_TIMEOUT_MS = 10_000;
/** A replacement boots within 20 s, and what it replaces has 10 s to end: with some seconds to kill it. */
const REPLACE_TIMEOUT_MS = 35_000;

/** The platform port of `npm start`: HTTP over a Unix socket, with a token. */
export class LocalSupervisor implements Platform {
  readonly #send: (request: PlatformRequest) => Promise<HttpResponse>;
  readonly #headers: Record<string, string>;

  constructor(
    private readonly socketPath: string,
    token: string,
    environment?: HealingEnvironment,
  ) {
    this.#send = platformCalls({ socketPath }, environment);
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async ping(): Promise<void> {
    const { socketPath } = this;
    const call = { method: 'GET', path: '/v1/processes', headers: this.#headers, timeoutMs: PING_TIMEOUT_MS };
    const response = await httpCall({ socketPath }, call);
    if (response.status !== 200) throw refusal(response);
  }

  async list() {
    const { body } = await this.#call({ method: 'GET', path: '/v1/processes', timeoutMs: READ_TIMEOUT_MS });
    return this.#read(listing, body).processes;
  }

  restart(process: string, operation: PlatformOperation) {
    return this.#act(process, 'restart', operation);
  }

  replace(process: string, operation: PlatformOperation) {
    return this.#act(process, 'replace', operation, REPLACE_TIMEOUT_MS);
  }

  start(process: string, operation: PlatformOperation) {
    return this.#act(process, 'start', operation);
  }

  stop(process: string, operation: PlatformOperation) {
    return this.#act(process, 'stop', operation);
  }

  async scale(service: string, instances: number, operation: PlatformOperation): Promise<void> {
    const path = `/v1/services/${encodeURIComponent(service)}/scale`;
    await this.#do(path, operation, { instances, ...wire(operation) });
  }

  async disks() {
    const { body } = await this.#call({ method: 'GET', path: '/v1/disks', timeoutMs: DISKS_TIMEOUT_MS });
    return this.#read(diskListing, body).disks;
  }

  async relieveDisks(act: DiskAct, operation: PlatformOperation) {
    const { body } = await this.#do(`/v1/disks/${act}`, operation, wire(operation));
    return this.#read(diskOutcomeSchema, body);
  }

  async #act(
    process: string,
    verb: 'restart' | 'replace' | 'start' | 'stop',
    operation: PlatformOperation,
    timeoutMs = ACT_TIMEOUT_MS,
  ) {
    const path = `/v1/processes/${encodeURIComponent(process)}/${verb}`;
    const { body } = await this.#do(path, operation, wire(operation), timeoutMs);
    return this.#read(single, body).process;
  }

  /** When an operation's id comes again, the supervisor returns the first outcome. */
  #do(
    path: string,
    { operationId }: PlatformOperation,
    body: unknown,
    timeoutMs = ACT_TIMEOUT_MS,
  ): Promise<HttpResponse> {
    return this.#call({ method: 'POST', path, body, timeoutMs, onceKey: operationId });
  }

  async #call(request: Omit<PlatformRequest, 'headers'>): Promise<HttpResponse> {
    let response: HttpResponse;
    try {
      response = await this.#send({ ...request, headers: this.#headers });
    } catch (error) {
      throw new PlatformError(
        'unreachable',
        `the platform did not respond: ${(error as Error).message}`,
        error,
      );
    }
    if (response.status >= 200 && response.status < 300) return response;
    throw refusal(response);
  }

  #read<T>(schema: z.ZodType<T>, body: unknown): T {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new PlatformError('unreachable', 'the platform returned an invalid response');
    return parsed.data;
  }
}

const wire = ({ operationId, epoch, reason }: PlatformOperation) => ({
  operation_id: operationId,
  epoch,
  reason,
});

function refusal({ status, body }: HttpResponse): PlatformError {
  const errorBody = problem.safeParse(body);
  const text = errorBody.success ? (errorBody.data.detail ?? errorBody.data.title) : undefined;
  const message = `the platform responded with ${status}${text ? `: ${text.slice(0, 300)}` : ''}`;
  if (status === 404) return new PlatformError('unknown-process', message);
  if (errorBody.data?.code === 'PLATFORM.CANNOT_REPLACE') return new PlatformError('unsupported', message);
  if (status === 409) return new PlatformError('fenced', message);
  if (status === 401 || status === 403) return new PlatformError('refused', message);
  return new PlatformError('failed', message);
}
