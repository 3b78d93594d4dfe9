import {
  filledMembers,
  type HttpFace,
  type HttpMethod,
  type PublicAccess,
  type PublicRequestContract,
  pathParameters,
  type RequestContract,
  ruleOf,
} from '@gridworks/contracts';
import { returnsPages } from './page-links.ts';

/** An address that the gateway serves itself, without a request to a service. */
export interface GatewayPage {
  readonly type: 'page';
  readonly summary: string;
  readonly http: HttpFace;
  readonly permission: PublicAccess;
  /** Default: `application/json`. */
  readonly mediaType?: string;
  /** Left out of the OpenAPI document: probes and pages for people. */
  readonly internal?: boolean;
  /** Counted for no limit and never refused: the probes only. */
  readonly unlimited?: boolean;
  /** Counted as a file of the console, not as a call of the address. */
  readonly isFile?: boolean;
  /** Accepts, beside JSON, the media types of reports that browsers send by themselves. */
  readonly takesReports?: boolean;
  /** Accepts `application/scim+json`, too (RFC 7644, 8.1). */
  readonly takesScim?: boolean;
  /** Keeps the bytes of the body, over which a sender's signature is. */
  readonly keepsBody?: boolean;
  /** Accepts a form, as bytes and nothing else. */
  readonly takesForms?: boolean;
  /** Nobody may call it in the name of a partner: what it shows would leave no entry in the partner's audit log. */
  readonly notImpersonated?: boolean;
}

/** Declares an address that the gateway serves itself. */
export const definePage = (page: Omit<GatewayPage, 'type'>): GatewayPage => ({ type: 'page', ...page });

/** Permissions of which no budget stops the calls: tickets, billing, and who the caller is. */
const NEVER_STOPPED = /^(tickets|billing|identity):/;

/** What an address serves: a request of the contracts, or a page of the gateway. */
export type Served = PublicRequestContract | GatewayPage;

/** A served address, with everything that can be derived before the first call. */
export class PublicRoute {
  readonly served: Served;
  /** `GET /v1/tickets/:id`: the name in metering and logs. */
  readonly operation: string;
  readonly http: HttpFace;
  /** The contract that a call is forwarded to. Null for the gateway's own pages. */
  readonly contract: RequestContract | null;
  readonly permission: PublicAccess;
  readonly summary: string;
  readonly mediaType: string;
  readonly isListed: boolean;
  readonly parameters: readonly string[];
  readonly readsBody: boolean;
  /** Whether a credential is ignored. */
  readonly isOpen: boolean;
  /** Whether a call without a credential is accepted. */
  readonly takesNobody: boolean;
  readonly isUnlimited: boolean;
  /** Whether the quota is that of files. */
  readonly isFile: boolean;
  readonly takesReports: boolean;
  readonly takesScim: boolean;
  readonly keepsBody: boolean;
  readonly takesForms: boolean;
  readonly notImpersonated: boolean;
  /** Whether calls go on when a budget is reached: what people need to see why, to pay and to ask for help. Then they cost nothing. */
  readonly isNeverStopped: boolean;
  /** Whether the response is one page of a list. */
  readonly isPaged: boolean;
  /** Whether a call may carry an `Idempotency-Key`. */
  readonly takesKey: boolean;
  /** Members of the input that the path or the gateway fills in; they are refused in a query or body. */
  readonly reserved: readonly string[];
  readonly #pattern: RegExp;

  constructor(served: Served) {
    this.served = served;
    const { http, permission, summary } = served;
    const page = served.type === 'page' ? served : null;
    this.http = http;
    this.permission = permission;
    this.summary = summary;
    this.contract = served.type === 'request' ? served : null;
    this.mediaType = page?.mediaType ?? 'application/json';
    this.isListed = page?.internal !== true;
    this.operation = `${http.method} ${http.path}`;
    this.parameters = pathParameters(http.path);
    this.readsBody = http.method === 'POST' || http.method === 'PUT' || http.method === 'PATCH';
    this.isOpen = permission === 'public';
    this.takesNobody = permission === 'public' || ruleOf(permission).anonymous === true;
    this.takesReports = page?.takesReports === true;
    this.takesScim = page?.takesScim === true;
    this.keepsBody = page?.keepsBody === true;
    this.takesForms = page?.takesForms === true;
    this.notImpersonated = page?.notImpersonated === true;
    this.isFile = page?.isFile === true;
    this.isUnlimited = page?.unlimited === true;
    this.isNeverStopped = this.contract?.criticality === 'critical' || NEVER_STOPPED.test(permission);
    this.isPaged = http.method === 'GET' && this.contract !== null && returnsPages(this.contract);
    this.takesKey = http.idempotent === true;
    this.reserved = [...this.parameters, ...filledMembers(http)];
    this.#pattern = new RegExp(`^${http.path.replace(/[.]/g, '\\.').replace(/:[a-z_]+/g, '[^/]+')}$`);
  }

  /** Whether a request's path, without its query, is an address of this route, for any method. */
  matches(path: string): boolean {
    return this.#pattern.test(path);
  }
}

/** Decodes a path as the router does: part by part, so that an escaped slash does not split a part. */
function decodePath(path: string): string {
  try {
    return path
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('/', '%2F'))
      .join('/');
  } catch {
    return path;
  }
}

/** The methods that an address takes, for `Allow`: empty when there is no such address. */
export function allowedMethods(routes: readonly PublicRoute[], path: string): readonly string[] {
  const methods = new Set<HttpMethod | 'HEAD'>();
  const decoded = decodePath(path);
  for (const route of routes) {
    if (!route.matches(decoded)) continue;
    methods.add(route.http.method);
    if (route.http.method === 'GET') methods.add('HEAD');
  }
  return [...methods].sort();
}
