import { SERVERS } from '@gridworks/contracts';
import type { HealingEnvironment } from '@gridworks/resilience';
import { z } from 'zod';
import { type HttpAddress, type HttpResponse, httpCall } from './http-call.ts';
import {
  PING_TIMEOUT_MS,
  type Platform,
  PlatformError,
  type PlatformOperation,
  type PlatformProcess,
} from './platform.ts';
import { type PlatformRequest, platformCalls } from './platform-call.ts';

const SERVICE_LABEL = 'com.docker.compose.service';
const NUMBER_LABEL = 'com.docker.compose.container-number';
const PROJECT_LABEL = 'com.docker.compose.project';
/** The oldest version that Docker 29 still supports; Docker 25 is the first to support it. */
const API_VERSION = '/v1.44';
const TIMEOUT_MS = 20_000;
/** How many outcomes of acts are remembered, so that a repeated request is done once. */
const REMEMBERED_ACTS = 500;

const containerSchema = z.object({
  /** Each name begins with a slash. */
  Names: z.array(z.string()).min(1),
  State: z.string(),
  Labels: z.record(z.string(), z.string()).default({}),
});
const inspectionSchema = z.object({
  RestartCount: z.number().int().default(0),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Paused: z.boolean().default(false),
    Restarting: z.boolean().default(false),
    Pid: z.number().int().default(0),
    ExitCode: z.number().int().default(0),
    StartedAt: z.string().nullish(),
    FinishedAt: z.string().nullish(),
  }),
});
type Inspection = z.output<typeof inspectionSchema>;

/**
 * The platform port of `docker compose`: the Docker Engine API (1.44) over its socket or TCP. A process is a
 * container of the compose project: `billing` is the first of the service, `billing-2` the second. Fencing
 * and operation ids are kept in memory here, since the engine knows neither.
 */
export class DockerEngine implements Platform {
  readonly #acts = new Map<string, Promise<PlatformProcess>>();
  readonly #epochs = new Map<string, number>();

  readonly #send: (request: PlatformRequest) => Promise<HttpResponse>;

  constructor(
    private readonly address: HttpAddress,
    private readonly project: string,
    environment?: HealingEnvironment,
  ) {
    this.#send = platformCalls(address, environment);
  }

  async ping(): Promise<void> {
    const call = { method: 'GET', path: '/_ping', headers: { host: 'docker' }, timeoutMs: PING_TIMEOUT_MS };
    const { status } = await httpCall(this.address, call);
    if (status !== 200) throw new PlatformError('failed', `the Docker Engine responded with ${status}`);
  }

  async list(): Promise<PlatformProcess[]> {
    const containers = await this.#containers();
    return Promise.all([...containers].map(([name, { id, service }]) => this.#describe(name, id, service)));
  }

  restart(process: string, operation: PlatformOperation): Promise<PlatformProcess> {
    return this.#once(process, operation, async (id) => {
      const { State } = await this.#inspect(id);
      // On older engines a paused container receives no signal, so it is unpaused before it is killed.
      if (State.Paused) await this.#post(`/containers/${id}/unpause`, [204, 404, 409, 500]);
      await this.#post(`/containers/${id}/kill?signal=SIGKILL`, [204, 404, 409]);
      await this.#post(`/containers/${id}/start`, [204, 304]);
    });
  }

  start(process: string, operation: PlatformOperation): Promise<PlatformProcess> {
    return this.#once(process, operation, (id) => this.#post(`/containers/${id}/start`, [204, 304]));
  }

  stop(process: string, operation: PlatformOperation): Promise<PlatformProcess> {
    return this.#once(process, operation, (id) => this.#post(`/containers/${id}/stop?t=10`, [204, 304]));
  }

  async replace(process: string): Promise<PlatformProcess> {
    throw new PlatformError(
      'unsupported',
      `the Docker Engine cannot run ${process} twice beside each other: a container's name and ports belong to one`,
    );
  }

  async disks(): Promise<never> {
    throw new PlatformError('unsupported', 'the Docker Engine does not say what takes the space of a disk');
  }

  async relieveDisks(): Promise<never> {
    throw new PlatformError(
      'unsupported',
      'the Docker Engine does not know which files of a container are temporary; it rotates the logs itself',
    );
  }

  async scale(service: string): Promise<void> {
    throw new PlatformError(
      'unsupported',
      `the Docker Engine cannot scale ${service}: compose does, with "docker compose up --scale ${service}=N"`,
    );
  }

  #once(process: string, { operationId, epoch }: PlatformOperation, act: (id: string) => Promise<void>) {
    const before = this.#acts.get(operationId);
    if (before) return before;
    const highest = this.#epochs.get(process) ?? 0;
    if (epoch < highest)
      return Promise.reject(
        new PlatformError('fenced', `epoch ${epoch} is older than ${highest} for ${process}`),
      );
    this.#epochs.set(process, epoch);
    const outcome = this.#act(process, act);
    this.#acts.set(operationId, outcome);
    for (const oldest of this.#acts.keys()) {
      if (this.#acts.size <= REMEMBERED_ACTS) break;
      this.#acts.delete(oldest);
    }
    return outcome;
  }

  async #act(process: string, act: (id: string) => Promise<void>): Promise<PlatformProcess> {
    const container = (await this.#containers()).get(process);
    if (!container)
      throw new PlatformError('unknown-process', `project ${this.project} has no container for ${process}`);
    await act(container.id);
    return this.#describe(process, container.id, container.service);
  }

  async #containers(): Promise<Map<string, { id: string; service: string }>> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${PROJECT_LABEL}=${this.project}`] }));
    const { body } = await this.#call('GET', `/containers/json?all=true&filters=${filters}`, [200]);
    const parsed = z.array(containerSchema).safeParse(body);
    if (!parsed.success) throw new PlatformError('unreachable', 'the Docker Engine returned an invalid list');
    // By name, never by id: the proxy in front of the engine knows this project's containers by their names.
    const found = new Map<string, { id: string; service: string }>();
    for (const { Names, Labels } of parsed.data) {
      const service = Labels[SERVICE_LABEL];
      const number = Labels[NUMBER_LABEL] ?? '1';
      if (service && Labels[PROJECT_LABEL] === this.project)
        found.set(number === '1' ? service : `${service}-${number}`, {
          id: Names[0]!.replace(/^\//, ''),
          service,
        });
    }
    return found;
  }

  async #inspect(id: string): Promise<Inspection> {
    const { body } = await this.#call('GET', `/containers/${id}/json`, [200]);
    const parsed = inspectionSchema.safeParse(body);
    if (!parsed.success)
      throw new PlatformError('unreachable', 'the Docker Engine returned an invalid container');
    return parsed.data;
  }

  async #describe(name: string, id: string, service: string): Promise<PlatformProcess> {
    const { State, RestartCount } = await this.#inspect(id);
    const ended = State.FinishedAt && !State.FinishedAt.startsWith('0001-') ? State.FinishedAt : null;
    return {
      name,
      kind: (SERVERS as readonly string[]).includes(service) ? 'server' : 'service',
      service,
      pid: State.Pid || null,
      started_at: State.StartedAt ?? null,
      restarts: RestartCount,
      state: State.Restarting ? 'backing-off' : State.Running ? 'running' : 'stopped',
      last_exit: ended ? { code: State.ExitCode, signal: null, at: ended } : null,
    };
  }

  /**
   * The engine knows no operation ids: a request that it may have received is not sent again. A start may be
   * repeated: starting twice has the effect of starting once.
   */
  async #post(path: string, accepted: readonly number[]): Promise<void> {
    await this.#call('POST', path, accepted);
  }

  async #call(method: 'GET' | 'POST', path: string, accepted: readonly number[]): Promise<HttpResponse> {
    let response: HttpResponse;
    try {
      response = await this.#send({
        method,
        path: `${API_VERSION}${path}`,
        timeoutMs: TIMEOUT_MS,
        headers: { host: 'docker' },
        ...(path.endsWith('/start') ? { onceKey: path } : {}),
      });
    } catch (error) {
      throw new PlatformError(
        'unreachable',
        `the Docker Engine did not respond: ${(error as Error).message}`,
        error,
      );
    }
    if (accepted.includes(response.status)) return response;
    const errorBody = z.object({ message: z.string() }).safeParse(response.body);
    const text = errorBody.success ? `: ${errorBody.data.message.slice(0, 300)}` : '';
    throw new PlatformError(
      response.status === 404 ? 'unknown-process' : 'failed',
      `the Docker Engine responded with ${response.status}${text}`,
    );
  }
}
