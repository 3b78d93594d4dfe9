import { Caller, type CallerOptions, type CallOptions, type ClientStats } from './caller.ts';
import { type StreamEvent, type StreamOptions, streamEvents } from './event-stream.ts';
import { OPERATIONS, type Operations } from './generated/operations.ts';
import type { Operation } from './operation.ts';
import { type Page, PagedList } from './pages.ts';
import { PortalError } from './portal-error.ts';

/** The health of the portal, as the portal reports it. */
export interface Health {
  /** Also `fail` when the portal does not respond. */
  readonly status: 'pass' | 'warn' | 'fail';
  readonly latencyMs: number;
  /** The reason of another status than `pass`; null for `pass`. */
  readonly detail: string | null;
}

type Input = Readonly<Record<string, unknown>>;
const HEALTH_TIMEOUT_MS = 5000;

class PortalClient {
  readonly #caller: Caller;

  constructor(options: CallerOptions = {}) {
    this.#caller = new Caller(options);
    Object.assign(this, methodsOf(OPERATIONS, this.#caller));
  }

  /** The state of the client: its limit, its queue, its breaker. */
  stats(): ClientStats {
    return this.#caller.stats();
  }

  /** Requests the health of the portal, without limit and breaker. Never throws. */
  async health(): Promise<Health> {
    const startedAt = performance.now();
    const since = () => Math.round(performance.now() - startedAt);
    try {
      const response = await this.#caller.fetch('/health', {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      const { status, output } = (await response.json()) as { status?: Health['status']; output?: string };
      if (status !== 'pass' && status !== 'warn' && status !== 'fail')
        throw new Error('the response is not from the API');
      return { status, latencyMs: since(), detail: status === 'pass' ? null : (output ?? null) };
    } catch (error) {
      return { status: 'fail', latencyMs: since(), detail: (error as Error).message };
    }
  }

  /** The server-sent events of a path; a broken stream is connected again, see `StreamOptions`. */
  stream<T = unknown>(path: string, options?: StreamOptions): AsyncGenerator<StreamEvent<T>> {
    return streamEvents<T>(this.#caller, path, options);
  }

  /** Calls an operation that this version has no method for. Resolves with the JSON of the response. */
  call<T = unknown>(operation: Operation, input?: Input, options?: CallOptions): Promise<T> {
    return this.#caller.call(operation, input, options) as Promise<T>;
  }
}

/** A client of the portal: `portal.tickets.open({ ... })`, `portal.admin.incidents.list()`. */
export type Portal = PortalClient & Operations;
export const Portal = PortalClient as new (options?: CallerOptions) => Portal;

type Table = { readonly [name: string]: string | Table };

/** Turns `'GET /v1/tickets p'` into a method, and a table into an object of methods. */
function methodsOf(table: Table, caller: Caller): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [
      name,
      typeof row === 'string' ? methodOf(readRow(row), caller) : methodsOf(row, caller),
    ]),
  );
}

function methodOf(operation: Operation, caller: Caller) {
  if (!operation.paged)
    return (input?: Input, options?: CallOptions) => caller.call(operation, input, options);
  return (input?: Input, options?: CallOptions) =>
    new PagedList((page) => caller.call(operation, page, options) as Promise<Page<{ id?: unknown }>>, input);
}

function readRow(row: string): Operation {
  const [method, path, flags = ''] = row.split(' ');
  if (!method || !path) throw new PortalError(`no operation: ${row}`, { code: 'CLIENT.BAD_OPERATION' });
  return {
    method: method as Operation['method'],
    path,
    idempotent: flags.includes('i'),
    paged: flags.includes('p'),
  };
}
