import type { z } from 'zod';
import {
  type ErrorDefinition,
  IDEMPOTENCY_KEY_IN_FLIGHT,
  IDEMPOTENCY_KEY_REUSED,
} from '../values/app-error.ts';
import { type AuditDeclaration, auditedAs } from './audit-declaration.ts';
import { checkFace, type HttpFace } from './http-face.ts';
import { withUrl } from './list.ts';
import type { Access, PublicAccess } from './permissions.ts';

/** The services of the system. The same names are used in subjects, NATS users, schemas and process names. */
export const SERVICES = ['gateway', 'auth', 'billing', 'support', 'monitor', 'healer'] as const;
export type ServiceName = (typeof SERVICES)[number];

/**
 * What becomes of a request while its service runs out of a resource. `critical`: it is served as long as anything is.
 * `normal`: it waits, or is refused with 503 and a time to come back, so that critical ones are served.
 */
export type Criticality = 'critical' | 'normal';

/** A request with one response: subject, both shapes, and its possible errors. */
export interface RequestContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly type: 'request';
  /** `rpc.<owner>.<noun>.<verb>` */
  readonly subject: string;
  readonly owner: ServiceName;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  readonly errors: readonly ErrorDefinition[];
  /** The services that may send the request. The NATS allow-lists are made from this list. */
  readonly callers: readonly ServiceName[];
  /**
   * Sending the request twice has the same effect as sending it once, so a lost response may be requested
   * again.
   */
  readonly repeatable: boolean;
  /**
   * The permission that the principal needs. Checked by the gateway, and again by the service that serves the
   * request.
   */
  readonly permission: Access;
  readonly criticality: Criticality;
  /** Its place in the public API. A request without it is sent by services only. */
  readonly http?: HttpFace;
  /** The entry that the request leaves in the audit log. Each write of the public API declares it, or why there is none. */
  readonly audit?: AuditDeclaration;
}

/** A request that the gateway serves. */
export interface PublicRequestContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType>
  extends RequestContract<I, O> {
  readonly permission: PublicAccess;
  readonly http: HttpFace;
}

/**
 * Something that happened, published for its consumers and listeners; JetStream keeps it until all consumers
 * have consumed it.
 */
export interface EventContract<P extends z.ZodType = z.ZodType> {
  readonly type: 'event';
  /** `event.<owner>.<noun>.<past-participle>`; also the CloudEvents `type`. */
  readonly subject: string;
  readonly owner: ServiceName;
  readonly summary: string;
  readonly payload: P;
  /**
   * Durable consumers, `<service>_<handler>`. The sweeper replays the event until each has confirmed it; the
   * allow-lists name them.
   */
  readonly consumers: readonly string[];
  /**
   * Services that listen without a guarantee of delivery (to drop a cache entry, or to stream to a browser).
   */
  readonly listeners: readonly ServiceName[];
}

export type InputOf<C> = C extends RequestContract<infer I, z.ZodType> ? z.input<I> : never;
export type ParsedInputOf<C> = C extends RequestContract<infer I, z.ZodType> ? z.output<I> : never;
export type OutputOf<C> = C extends RequestContract<z.ZodType, infer O> ? z.output<O> : never;
export type PayloadOf<C> = C extends EventContract<infer P> ? z.output<P> : never;

const WORD = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const requestSubject = new RegExp(`^rpc\\.(${WORD})\\.${WORD}\\.${WORD}$`);
const eventSubject = new RegExp(`^event\\.(${WORD})\\.${WORD}\\.${WORD}$`);
const consumerName = new RegExp(`^(${WORD})_${WORD}$`);

function ownerOf(subject: string, pattern: RegExp, form: string): ServiceName {
  const owner = pattern.exec(subject)?.[1];
  if (!owner) throw new Error(`subject ${subject} does not have the form ${form}`);
  if (!(SERVICES as readonly string[]).includes(owner))
    throw new Error(`subject ${subject} names no service`);
  return owner as ServiceName;
}

interface RequestDefinition<I extends z.ZodType, O extends z.ZodType> {
  subject: string;
  summary: string;
  input: I;
  output: O;
  errors?: readonly ErrorDefinition[];
  callers?: readonly ServiceName[];
  repeatable?: boolean;
  /** Default: `normal`. */
  criticality?: Criticality;
  audit?: AuditDeclaration;
}

/**
 * Declares a request. A request with `http` is part of the public API, and must name a permission. Throws
 * when the subject is not `rpc.<owner>.<noun>.<verb>`, or the path or the audit entry does not fit the input.
 */
export function defineRequest<I extends z.ZodType, O extends z.ZodType>(
  definition: RequestDefinition<I, O> & { http: HttpFace; permission: PublicAccess },
): PublicRequestContract<I, O>;
export function defineRequest<I extends z.ZodType, O extends z.ZodType>(
  definition: RequestDefinition<I, O> & { http?: never; permission: Access },
): RequestContract<I, O>;
export function defineRequest(
  definition: RequestDefinition<z.ZodType, z.ZodType> & { http?: HttpFace; permission: Access },
): RequestContract {
  const { subject, http, output } = definition;
  const owner = ownerOf(subject, requestSubject, 'rpc.<owner>.<noun>.<verb>');
  const callers = definition.callers ?? ['gateway'];
  if (http) {
    checkFace(subject, http, definition.input);
    if (!callers.includes('gateway'))
      throw new Error(`${subject} has a path, but the gateway is not among its callers`);
  }
  checkAudit(definition);
  return Object.freeze({
    type: 'request' as const,
    owner,
    repeatable: false,
    criticality: 'normal' as const,
    ...definition,
    callers,
    errors: [
      ...(definition.errors ?? []),
      ...(http?.idempotent ? [IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_FLIGHT] : []),
    ],
    output: http ? withUrl(output, http.path) : output,
  });
}

/** Throws when the audit entry of a request names a member that its input does not have. */
function checkAudit({ subject, audit, input }: RequestDefinition<z.ZodType, z.ZodType>): void {
  const entry = auditedAs({ ...(audit && { audit }) });
  if (!entry) return;
  const members = (input as { shape?: object }).shape ?? {};
  const named = entry.object.startsWith('input.') ? [entry.object.slice('input.'.length)] : [];
  for (const name of [...named, ...(entry.shows ?? [])])
    if (!(name in members))
      throw new Error(`${subject}: its audit entry names ${name}, which is not a member of the input`);
}

/** Declares an event. Throws when the subject is not `event.<owner>.<noun>.<past-participle>`. */
export function defineEvent<P extends z.ZodType>(definition: {
  subject: string;
  summary: string;
  payload: P;
  consumers?: readonly string[];
  listeners?: readonly ServiceName[];
}): EventContract<P> {
  const owner = ownerOf(definition.subject, eventSubject, 'event.<owner>.<noun>.<past-participle>');
  for (const name of definition.consumers ?? []) {
    const service = consumerName.exec(name)?.[1];
    if (!service || !(SERVICES as readonly string[]).includes(service))
      throw new Error(`consumer ${name} does not have the form <service>_<handler>`);
  }
  return Object.freeze({ type: 'event' as const, owner, consumers: [], listeners: [], ...definition });
}

/**
 * The durable consumer of an event: `named`, or the only one. Throws when the event does not have `named`, and without a name when it has
 * none or several.
 */
export function consumerOf({ subject, consumers }: EventContract, named?: string): string {
  const [consumer] = named === undefined ? consumers : consumers.filter((one) => one === named);
  if (consumer === undefined)
    throw new Error(`${subject} has no durable consumer${named ? ` ${named}` : ''}`);
  if (named === undefined && consumers.length > 1)
    throw new Error(`${subject} has ${consumers.length} durable consumers: name one`);
  return consumer;
}
