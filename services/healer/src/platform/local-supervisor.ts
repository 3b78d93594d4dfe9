import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type HttpAnswer, httpCall } from './http-call.ts';
import { type Operation, type Platform, PlatformError, platformProcessSchema } from './platform.ts';

const listing = z.object({ processes: z.array(platformProcessSchema) });
const single = z.object({ process: platformProcessSchema });
const problem = z.object({ detail: z.string().optional(), title: z.string().optional() });

/** Starting a server again takes seconds at worst (recovery of PostgreSQL); looking only milliseconds. */
const ACT_TIMEOUT_MS = 20_000;
const LOOK_TIMEOUT_MS = 2000;
/** A supervisor that is just being started again is back soon; the operation id makes repeating safe. */
const ATTEMPTS = 3;
const PAUSE_MS = 150;

/** The platform port of `npm start`: HTTP over a Unix socket, with a token. */
export class LocalSupervisor implements Platform {
  constructor(
    private readonly socketPath: string,
    private readonly token: string,
  ) {}

  async list() {
    const { body } = await this.#call('GET', '/v1/processes', undefined, LOOK_TIMEOUT_MS);
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
    await this.#call('POST', path, { instances, ...wire(operation) }, ACT_TIMEOUT_MS);
  }

  async #act(process: string, verb: 'restart' | 'start' | 'stop', operation: Operation) {
    const path = `/v1/processes/${encodeURIComponent(process)}/${verb}`;
    const { body } = await this.#call('POST', path, wire(operation), ACT_TIMEOUT_MS);
    return this.#read(single, body).process;
  }

  async #call(method: string, path: string, body: unknown, timeoutMs: number): Promise<HttpAnswer> {
    const headers = { authorization: `Bearer ${this.token}` };
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await httpCall(
          { socketPath: this.socketPath },
          { method, path, headers, body, timeoutMs },
        );
        if (answer.status >= 200 && answer.status < 300) return answer;
        throw refusal(answer);
      } catch (error) {
        if (error instanceof PlatformError) throw error;
        if (attempt >= ATTEMPTS)
          throw new PlatformError(
            'unreachable',
            `the platform did not answer: ${(error as Error).message}`,
            error,
          );
        await sleep(PAUSE_MS * attempt);
      }
    }
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
