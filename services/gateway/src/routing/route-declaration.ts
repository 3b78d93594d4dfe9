import type { RequestContract } from '@gridworks/contracts';
import { answersPages } from './page-links.ts';

/** `session` is a logged-in person of a partner; `admin` a logged-in person of GridWorks. */
export type Caller = 'anonymous' | 'session' | 'api_key' | 'admin';
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the door puts into the input by itself; a caller who sends such a member is refused. */
export type FilledFrom = 'client-ip' | 'idempotency-key';

export interface RouteDeclaration {
  readonly method: Method;
  /** With `:name` parameters, which become members of the input. */
  readonly path: string;
  /** Who may call. Anybody else gets 401 (no credential) or 403. */
  readonly callers: readonly Caller[];
  /** Status of success. */
  readonly status: number;
  /** What the call is forwarded to: its schemas check the input and describe the route. Absent: the door answers itself. */
  readonly contract?: RequestContract;
  readonly filled?: Readonly<Record<string, FilledFrom>>;
  /** The largest body in bytes, where the usual limit of 128 KiB is too little or too much. */
  readonly bodyLimitBytes?: number;
  /** For routes without a contract. */
  readonly summary?: string;
  readonly mediaType?: string;
  /** Probes and pages for people: not counted against any limit, and left out of the OpenAPI document. */
  readonly internal?: boolean;
}

/** A declaration with all that can be known before the first call. */
export class PublicRoute {
  /** `GET /v1/tickets/:id`: what is metered and logged. */
  readonly operation: string;
  readonly parameters: readonly string[];
  readonly readsBody: boolean;
  readonly isOpen: boolean;
  readonly isUnlimited: boolean;
  /** Whether the answer is one page of a list. */
  readonly isPaged: boolean;
  readonly filled: readonly (readonly [member: string, from: FilledFrom])[];
  readonly #pattern: RegExp;

  constructor(readonly declaration: RouteDeclaration) {
    const { method, path, callers, contract, filled, internal } = declaration;
    if (callers.length === 0) throw new Error(`${method} ${path} declares nobody who may call it`);
    if (callers.includes('anonymous') && callers.length > 1)
      throw new Error(`${method} ${path}: a route is open to all or asks for a credential`);
    this.operation = `${method} ${path}`;
    this.parameters = [...path.matchAll(/:([a-z_]+)/g)].map((match) => match[1] ?? '');
    this.readsBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    this.isOpen = callers.includes('anonymous');
    this.isUnlimited = this.isOpen && internal === true;
    this.isPaged = method === 'GET' && contract !== undefined && answersPages(contract);
    this.filled = Object.entries(filled ?? {});
    this.#pattern = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:[a-z_]+/g, '[^/]+')}$`);
  }

  /** Whether a request's path, without its query, is one of this route's, whatever the method. */
  matches(path: string): boolean {
    return this.#pattern.test(path);
  }
}

/** The methods that an address takes, for `Allow`: empty when there is no such address. */
export function allowedMethods(routes: readonly PublicRoute[], path: string): readonly string[] {
  const methods = new Set<string>();
  for (const route of routes) {
    if (!route.matches(path)) continue;
    methods.add(route.declaration.method);
    if (route.declaration.method === 'GET') methods.add('HEAD');
  }
  return [...methods].sort();
}
