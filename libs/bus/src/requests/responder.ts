import {
  AppError,
  authorize,
  INTERNAL,
  INVALID_INPUT,
  newId,
  type ParsedInputOf,
  pointerTo,
  REDUCED_CAPACITY,
  RESPONSE_TOO_LARGE,
  type RequestContract,
  tenantOf,
} from '@gridworks/contracts';
import {
  type CallContext,
  isTraceparent,
  type KeyedCall,
  type Logger,
  newTraceparent,
  type RequestMeter,
  runInContext,
  withSpan,
} from '@gridworks/observability';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { type DroppedMessages, inboxOf } from '../connection/dropped-messages.ts';
import type { ReportFault } from '../connection/fault-reports.ts';
import type { EventPublisher } from '../events/event-publisher.ts';
import type { PrincipalVerifier } from '../principals/principal-token.ts';
import { deadlineExceeded, encodeError } from '../wire/error-envelope.ts';
import { parseJson } from '../wire/safe-json.ts';
import { plainHeaders, type ReceivedHeaders, readCallHeaders } from '../wire/wire-headers.ts';
import { unreadForMs, watchLoop } from './loop-clock.ts';
import { contractName, meterOf } from './meter-requests.ts';
import { ActRecorder, beginAct } from './pending-act.ts';
import { SharedReads } from './shared-reads.ts';

/** Serves a request. The output is sent unchanged; its type is the contract's. */
export type RequestHandler<C extends RequestContract> = (
  input: ParsedInputOf<C>,
  call: CallContext,
) => unknown | Promise<unknown>;

export interface ServeOptions {
  /**
   * false: every instance that subscribes gets the request, drain leaves it subscribed and does not wait for
   * its handler. For control requests to one instance, which name it in the subject. Default true.
   */
  readonly shared?: boolean;
}

const DEFAULT_DEADLINE_MS = 2000;
const PROBLEMS_SHOWN = 20;

/**
 * Serves requests: verifies the caller and its permission, parses, validates, keeps deadlines, turns errors
 * into replies. Only a request that a permitted caller sent itself gets a response: a client that may use a
 * stream can have it deliver to any subject, and a client that may send a request can name any reply subject.
 */
export class Responder {
  readonly #nc: NatsConnection;
  readonly #queue: string;
  readonly #verifier: PrincipalVerifier;
  readonly #logger: Logger | undefined;
  readonly #reportFault: ReportFault;
  readonly #dropped: DroppedMessages;
  readonly #subscriptions = new Set<Subscription>();
  readonly #onIdle = new Set<() => void>();
  readonly #meters: RequestMeter[] = [];
  readonly #reads = new SharedReads();
  readonly #acts: ActRecorder;
  #inFlight = 0;
  #ok = 0;
  #failed = 0;

  /** @param queue the queue group: each request goes to one of its subscribers */
  constructor(
    nc: NatsConnection,
    queue: string,
    verifier: PrincipalVerifier,
    reportFault: ReportFault,
    dropped: DroppedMessages,
    publisher: Pick<EventPublisher, 'publish'>,
    logger: Logger | undefined,
  ) {
    this.#nc = nc;
    this.#acts = new ActRecorder(publisher, logger);
    this.#queue = queue;
    this.#verifier = verifier;
    this.#reportFault = reportFault;
    this.#dropped = dropped;
    this.#logger = logger;
    watchLoop();
  }

  inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Requests with a response since the start. `failed` counts those that ended by a fault of this side, not
   * of the caller.
   */
  counts(): { ok: number; failed: number } {
    return { ok: this.#ok, failed: this.#failed };
  }

  /** Identical reads under way are shared while the condition holds. */
  shareReads(isShort: () => boolean): void {
    this.#reads.when(isShort);
  }

  /** One for each contract that is served here; control requests to one instance have none. */
  meters(): readonly RequestMeter[] {
    return this.#meters;
  }

  /** Serves a request until drain. Resolves once the server sends requests here. */
  async serve<C extends RequestContract>(
    contract: C,
    handler: RequestHandler<C>,
    options: ServeOptions = {},
  ): Promise<void> {
    const shared = options.shared ?? true;
    const fromCaller = inboxOf(contract.callers);
    const meter = shared ? meterOf(contract.subject) : undefined;
    if (meter) this.#meters.push(meter);
    const subscription = this.#nc.subscribe(contract.subject, {
      ...(shared && { queue: this.#queue }),
      callback: (error, msg) => {
        if (error) this.#logger?.log('request.subscribe_failed', { error, subject: contract.subject });
        else if (!fromCaller(msg.reply ?? ''))
          this.#dropped.drop(contract.subject, 'foreign-reply', msg.reply);
        else void this.#take(contract, handler as RequestHandler<RequestContract>, msg, meter);
      },
    });
    if (shared) this.#subscriptions.add(subscription);
    // Disconnected: the client subscribes again automatically.
    await this.#nc.flush().catch(() => undefined);
  }

  /** Takes no new shared requests, and resolves when those already taken have their responses sent. */
  async drain(): Promise<void> {
    const subscriptions = [...this.#subscriptions];
    this.#subscriptions.clear();
    await Promise.allSettled(subscriptions.map((subscription) => subscription.drain()));
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#onIdle.add(resolve));
    if (!this.#nc.isClosed()) await this.#nc.flush().catch(() => undefined);
  }

  async #take(
    contract: RequestContract,
    handler: RequestHandler<RequestContract>,
    msg: Msg,
    meter: RequestMeter | undefined,
  ) {
    if (meter) this.#inFlight++;
    try {
      await this.#respond(contract, handler, msg, meter);
    } catch (error) {
      // Only the reply itself can fail here: the connection is closed, or the reply is too large for NATS.
      this.#logger?.log('response.send_failed', { error, subject: contract.subject });
    } finally {
      if (meter && --this.#inFlight === 0) {
        for (const resolve of this.#onIdle) resolve();
        this.#onIdle.clear();
      }
    }
  }

  async #respond(
    contract: RequestContract,
    handler: RequestHandler<RequestContract>,
    msg: Msg,
    meter: RequestMeter | undefined,
  ): Promise<void> {
    const begunAt = performance.now();
    const headers = readCallHeaders(msg);
    if (headers.fromStream) return this.#dropped.drop(contract.subject, 'stream-delivery', msg.reply);
    const deadlineAt = Date.now() + (headers.deadlineMs ?? DEFAULT_DEADLINE_MS) - unreadForMs();
    try {
      const call = this.#callOf(contract, headers, deadlineAt);
      authorize(contract, call.principal);
      const input = readInput(contract, msg.data);
      const keyed = keyedCall(contract, headers, call, input);
      const act = beginAct(contract, call, input);
      const context = keyed || act ? { ...call, keyed, act } : call;
      const run = () =>
        runInContext(context, () =>
          withSpan(contract.subject, {}, () => handler(input, context), { kind: 'server' }),
        );
      const output = act
        ? await this.#acts.record(act, run)
        : await this.#reads.run(contract, call, msg.data, run);
      if (Date.now() > deadlineAt) return this.#countFault(meter);
      const body = JSON.stringify(output);
      if (body === undefined) throw new TypeError(`the handler of ${contract.subject} returned no output`);
      if (keyed && keyed.kept !== body)
        throw new Error(
          `${contract.subject} returns another output than its transaction keeps under the key`,
        );
      this.#refuseTooLarge(body);
      msg.respond(body);
      this.#ok++;
    } catch (error) {
      const { headers: errorHeaders, body } = encodeError(this.#toAppError(error, contract, meter));
      msg.respond(body, { headers: plainHeaders(errorHeaders) });
    } finally {
      meter?.ended(performance.now() - begunAt);
    }
  }

  #countFault(meter: RequestMeter | undefined): void {
    this.#failed++;
    meter?.failed();
  }

  #callOf(contract: RequestContract, headers: ReceivedHeaders, deadlineAt: number): CallContext {
    if (Date.now() >= deadlineAt)
      throw deadlineExceeded('The request came after its deadline; nothing was done');
    const { principalToken } = headers;
    const principal =
      principalToken === undefined ? undefined : this.#verifier.verify(principalToken, contract.subject);
    return {
      requestId: headers.requestId ?? newId('request'),
      traceparent: isTraceparent(headers.traceparent) ? headers.traceparent : newTraceparent(),
      deadlineAt,
      criticality: contract.criticality,
      tenant: tenantOf(contract, principal),
      ...(headers.origin && { origin: headers.origin }),
      principal,
    };
  }

  /** Checked here, since the error of the client would not mention the response. */
  #refuseTooLarge(body: string): void {
    const limit = this.#nc.info?.max_payload ?? 1_048_576;
    // A UTF-16 unit has at most three bytes in UTF-8, so most bodies need not be measured.
    if (body.length * 3 <= limit) return;
    const bytes = Buffer.byteLength(body);
    if (bytes > limit)
      throw new AppError(RESPONSE_TOO_LARGE, {
        detail: `The response has ${bytes} bytes; a message may have at most ${limit}. Request less at a time.`,
      });
  }

  #toAppError(error: unknown, contract: RequestContract, meter: RequestMeter | undefined): AppError {
    this.#reportFault(contractName(contract.subject), error);
    if (error instanceof AppError) {
      if (isFault(error)) this.#countFault(meter);
      else this.#ok++;
      return error;
    }
    this.#countFault(meter);
    this.#logger?.log('request.handler_failed', { error, subject: contract.subject });
    return new AppError(INTERNAL);
  }
}

/** The service could not do what it should. That it refuses work, to do other work, is no fault. */
const isFault = ({ code, kind }: AppError): boolean =>
  code !== REDUCED_CAPACITY.code &&
  (kind === 'internal' || kind === 'unavailable' || kind === 'deadline_exceeded');

/** The key of a call, where its contract takes one. */
function keyedCall(
  { http, subject }: RequestContract,
  { idempotencyKey: key }: ReceivedHeaders,
  { principal }: CallContext,
  request: unknown,
): KeyedCall | undefined {
  if (!http?.idempotent || key === undefined) return undefined;
  const whose = principal?.partner_id ?? principal?.user_id ?? 'nobody';
  return {
    scope: `${whose} ${subject}`,
    key,
    request: withoutAddress(request, http.addressMember),
    kept: undefined,
  };
}

/**
 * The request without the caller's address: the same request from another network counts as the same request.
 */
function withoutAddress(request: unknown, addressMember: string | undefined): unknown {
  if (addressMember === undefined || typeof request !== 'object') return request;
  return { ...request, [addressMember]: undefined };
}

function readInput(contract: RequestContract, body: Uint8Array): never {
  let value: unknown;
  try {
    value = parseJson(body);
  } catch (cause) {
    throw new AppError(INVALID_INPUT, {
      detail: 'The request is not JSON',
      problems: [{ detail: 'not JSON', pointer: '' }],
      cause,
    });
  }
  const input = contract.input.safeParse(value);
  if (input.success) return input.data as never;
  throw new AppError(INVALID_INPUT, {
    problems: input.error.issues.slice(0, PROBLEMS_SHOWN).map((issue) => ({
      detail: issue.message,
      pointer: pointerTo(issue.path),
    })),
  });
}
