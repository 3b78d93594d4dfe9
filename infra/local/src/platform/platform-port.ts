import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { DISK_ACTS, type DiskAct, type DiskRelief, type ReliefOutcome } from '../disk/disk-relief.ts';
import { CannotReplaceError, type SupervisedProcess } from '../supervise/supervised-process.ts';
import { CannotScaleError, NoSuchProcessError, type Supervisor } from '../supervise/supervisor.ts';
import { FencedError, OperationReusedError, PlatformOperations } from './operations.ts';
import { PlatformProblem, readInstances, readOperation, toProblem } from './platform-problem.ts';

const VERBS = ['restart', 'replace', 'kill', 'stop', 'start'] as const;

/** A process in the form of the platform port. */
function describe({ spec, state, pid, startedAt, restarts, lastExit }: SupervisedProcess) {
  return {
    name: spec.name,
    kind: spec.kind,
    service: spec.service,
    pid,
    ports: spec.ports,
    started_at: startedAt === null ? null : new Date(startedAt).toISOString(),
    restarts,
    state,
    last_exit: lastExit,
  };
}
type ProcessDescription = ReturnType<typeof describe>;

/**
 * The platform port: lists, restarts, replaces, kills, stops, starts and scales, and makes room on disks, over HTTP on a Unix
 * socket. A client also needs the token.
 */
export class PlatformPort {
  readonly #supervisor: Supervisor;
  readonly #tokenHash: Buffer;
  readonly #operations = new PlatformOperations<ProcessDescription>();
  readonly #relief: DiskRelief;
  readonly #reliefs = new PlatformOperations<ReliefOutcome>();
  readonly #server: Server;

  constructor(supervisor: Supervisor, token: string, relief: DiskRelief) {
    this.#supervisor = supervisor;
    this.#relief = relief;
    this.#tokenHash = hash(`Bearer ${token}`);
    this.#server = createServer((request, response) => void this.#respond(request, response));
    this.#server.requestTimeout = 10_000;
    this.#server.headersTimeout = 5_000;
    this.#server.maxConnections = 64;
  }

  /** Listens on a Unix socket that only this user can open; the socket of a killed supervisor is replaced. */
  async listen(path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      // Hashes have one length, so that the comparison takes constant time.
      if (!timingSafeEqual(hash(request.headers.authorization ?? ''), this.#tokenHash)) {
        throw new PlatformProblem(401, 'PLATFORM.UNAUTHENTICATED', 'the token is missing or wrong');
      }
      send(response, 200, await this.#route(request));
    } catch (error) {
      const problem = toProblem(translate(error));
      send(response, problem.status, problem, 'application/problem+json');
    }
  }

  async #route(request: IncomingMessage): Promise<unknown> {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    if (route === 'GET /v1/processes') return { processes: this.#supervisor.list().map(describe) };
    if (route === 'GET /v1/disks') return { disks: await this.#relief.report() };
    const relief = /^POST \/v1\/disks\/([a-z-]+)$/.exec(route)?.[1];
    const diskAct = DISK_ACTS.find((known) => known === relief);
    if (diskAct) return this.#relieve(diskAct, await readBody(request));
    const act = /^POST \/v1\/processes\/([a-z0-9-]+)\/([a-z]+)$/.exec(route);
    const verb = VERBS.find((known) => known === act?.[2]);
    if (act?.[1] && verb) return { process: await this.#act(act[1], verb, await readBody(request)) };
    const service = /^POST \/v1\/services\/([a-z0-9-]+)\/scale$/.exec(route)?.[1];
    if (service) {
      const instances = readInstances(await readBody(request));
      return { processes: (await this.#supervisor.scale(service, instances)).map(describe) };
    }
    throw new PlatformProblem(404, 'PLATFORM.NOT_FOUND', `there is no ${route}`);
  }

  #relieve(act: DiskAct, body: unknown): Promise<ReliefOutcome> {
    const { operationId, epoch } = readOperation(body);
    return this.#reliefs.perform({ operationId, epoch, act, target: 'disks' }, () =>
      this.#relief.perform(act),
    );
  }

  #act(name: string, verb: (typeof VERBS)[number], body: unknown): Promise<ProcessDescription> {
    const target = this.#supervisor.find(name);
    const { operationId, epoch } = readOperation(body);
    return this.#operations.perform({ operationId, epoch, act: verb, target: name }, async () => {
      await (verb === 'replace' ? this.#supervisor.replace(name) : target[verb]());
      return describe(target);
    });
  }
}

function translate(error: unknown): unknown {
  if (error instanceof FencedError) return new PlatformProblem(409, 'PLATFORM.FENCED', error.message);
  if (error instanceof OperationReusedError)
    return new PlatformProblem(409, 'PLATFORM.OPERATION_REUSED', error.message);
  if (error instanceof NoSuchProcessError)
    return new PlatformProblem(404, 'PLATFORM.NOT_FOUND', error.message);
  if (error instanceof CannotReplaceError)
    return new PlatformProblem(409, 'PLATFORM.CANNOT_REPLACE', error.message);
  if (error instanceof CannotScaleError)
    return new PlatformProblem(409, 'PLATFORM.CANNOT_SCALE', error.message);
  return error;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 16_384)
      throw new PlatformProblem(413, 'PLATFORM.INVALID_INPUT', 'the body is too long');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new PlatformProblem(400, 'PLATFORM.INVALID_INPUT', 'the body is not JSON');
  }
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
