import type { HealingEnvironment } from '@gridworks/resilience';
import { z } from 'zod';
import { type HttpAnswer, httpCall } from './http-call.ts';
import {
  type Operation,
  PING_TIMEOUT_MS,
  type Platform,
  PlatformError,
  platformProcessSchema,
} from './platform.ts';
import { type PlatformQuestion, platformCalls } from './platform-call.ts';

const listing = z.object({ processes: z.array(platformProcessSchema) });
const single = z.object({ process: platformProcessSchema });
const problem = z.object({ detail: z.string().optional(), title: z.string().optional() });

/** Starting a server again takes seconds at worst (recovery of PostgreSQL); looking only milliseconds. */
const ACT_TIMEOUT_MS = 20_000;
const LOOK_TIMEOUT_MS = 2000;
/** The platform port of `npm start`: HTTP over a Unix socket, with a token. */
export class LocalSupervisor implements Platform {
  readonly #ask: (question: PlatformQuestion) => Promise<HttpAnswer>;
  readonly #headers: Record<string, string>;

  constructor(
    private readonly socketPath: string,
    token: string,
    environment?: HealingEnvironment,
  ) {
    this.#ask = platformCalls({ socketPath }, environment);
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async ping(): Promise<void> {
    const { socketPath } = this;
    const call = { method: 'GET', path: '/v1/processes', headers: this.#headers, timeoutMs: PING_TIMEOUT_MS };
    const answer = await httpCall({ socketPath }, call);
    if (answer.status !== 200) throw refusal(answer);
  }

  async list() {
    const { body } = await this.#call({ method: 'GET', path: '/v1/processes', timeoutMs: LOOK_TIMEOUT_MS });
    return this.#read(listing, body).processes;
  }

  restart(process: string, operation: Operation) {
    return this.#act(process, 'restart', operation);
  }

  start(process: string, operation: Operation) {
    return this.#act(process, 'start', operation);
  }

  stop(process: string, operation: Operation) {
    return this.#act(process, 'stop', operation);
  }

  async scale(service: string, instances: number, operation: Operation): Promise<void> {
    const path = `/v1/services/${encodeURIComponent(service)}/scale`;
    await this.#do(path, operation, { instances, ...wire(operation) });
  }

  async #act(process: string, verb: 'restart' | 'start' | 'stop', operation: Operation) {
    const path = `/v1/processes/${encodeURIComponent(process)}/${verb}`;
    const { body } = await this.#do(path, operation, wire(operation));
    return this.#read(single, body).process;
  }

  /** The supervisor answers the first outcome when an operation's id comes again. */
  #do(path: string, { operationId }: Operation, body: unknown): Promise<HttpAnswer> {
    return this.#call({ method: 'POST', path, body, timeoutMs: ACT_TIMEOUT_MS, onceKey: operationId });
  }

  async #call(question: Omit<PlatformQuestion, 'headers'>): Promise<HttpAnswer> {
    let answer: HttpAnswer;
    try {
      answer = await this.#ask({ ...question, headers: this.#headers });
    } catch (error) {
      throw new PlatformError(
        'unreachable',
        `the platform did not answer: ${(error as Error).message}`,
        error,
      );
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusal(answer);
  }

  #read<T>(schema: z.ZodType<T>, body: unknown): T {
    const parsed = schema.safeParse(body);
    if (!parsed.success)
      throw new PlatformError('unreachable', 'the platform gave an answer that makes no sense');
    return parsed.data;
  }
}

const wire = ({ operationId, epoch, reason }: Operation) => ({ operation_id: operationId, epoch, reason });

function refusal({ status, body }: HttpAnswer): PlatformError {
  const told = problem.safeParse(body);
  const text = told.success ? (told.data.detail ?? told.data.title) : undefined;
  const message = `the platform answered ${status}${text ? `: ${text.slice(0, 300)}` : ''}`;
  if (status === 404) return new PlatformError('unknown-process', message);
  if (status === 409) return new PlatformError('fenced', message);
  if (status === 401 || status === 403) return new PlatformError('refused', message);
  return new PlatformError('failed', message);
}
