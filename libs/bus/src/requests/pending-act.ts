import {
  type Act,
  AppError,
  type AuditEntryDeclaration,
  actRecordedIn,
  auditedAs,
  newId,
  type RequestContract,
} from '@gridworks/contracts';
import type { ActNote, CallContext, CallPrincipal, Logger, PendingAct } from '@gridworks/observability';
import { redact } from '@gridworks/redaction';
import type { EventPublisher } from '../events/event-publisher.ts';

const MAX_SHOWN = { maxLength: 2000, maxNodes: 200 };
/** How long a response waits for its entry. */
const PATIENCE_MS = 500;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Entries of this process that wait for JetStream at most. */
const MOST_WAITING = 1000;

class Pending implements PendingAct {
  readonly id = newId('event');
  readonly note: ActNote = {};
  isRecorded = false;
  readonly #contract: RequestContract;
  readonly #entry: AuditEntryDeclaration;
  readonly #call: CallContext;
  readonly #input: Readonly<Record<string, unknown>>;
  readonly #at = new Date().toISOString();

  constructor(contract: RequestContract, entry: AuditEntryDeclaration, call: CallContext, input: unknown) {
    this.#contract = contract;
    this.#entry = entry;
    this.#call = call;
    this.#input = input as Record<string, unknown>;
  }

  describe(result: unknown) {
    return this.#describe({ object_id: this.#objectOf(result), outcome: 'done', code: null });
  }

  /** Null for a refusal that leaves no entry. */
  refusal(error: unknown) {
    if (!(error instanceof AppError) || !this.#entry.refusals?.includes(error.code)) return null;
    return this.#describe({ object_id: null, outcome: 'refused', code: error.code });
  }

  #describe(how: Pick<Act, 'object_id' | 'outcome' | 'code'>) {
    const { note } = this;
    const { principal, requestId, origin } = this.#call;
    const shown = (this.#entry.shows ?? []).flatMap((name) =>
      this.#input[name] === undefined ? [] : [[name, this.#input[name]] as const],
    );
    const payload: Act = {
      service: this.#contract.owner,
      at: this.#at,
      partner_id: note.partner_id !== undefined ? note.partner_id : (principal?.partner_id ?? null),
      actor: actorOf(principal, note),
      action: this.#entry.action,
      ...how,
      object_id: note.object_id ?? how.object_id,
      before: shownOf(note.before),
      after:
        how.outcome === 'refused'
          ? null
          : shownOf({
              ...this.#called(),
              ...throughOf(principal),
              ...Object.fromEntries(shown),
              ...note.after,
            }),
      request_id: requestId.slice(0, 200),
      network: origin?.network ?? null,
      user_agent: origin?.userAgent ?? null,
    };
    return { contract: actRecordedIn(this.#contract.owner), payload };
  }

  #called(): Record<string, unknown> {
    const { http } = this.#contract;
    return this.#entry === CALLED && http
      ? { call: `${http.method} ${http.path}`, ...idsOf(this.#input) }
      : {};
  }

  #objectOf(result: unknown): string | null {
    const { principal } = this.#call;
    const { object } = this.#entry;
    if (object === 'caller') return principal?.user_id ?? principal?.id ?? null;
    if (object === 'credential') return principal?.id ?? null;
    const [from, ...path] = object.split('.');
    let value: unknown = from === 'input' ? this.#input : result;
    for (const name of path) value = (value as Record<string, unknown> | null | undefined)?.[name];
    return typeof value === 'string' ? value.slice(0, 200) : null;
  }
}

function actorOf(principal: CallPrincipal | undefined, note: ActNote): Act['actor'] {
  const impersonator = principal?.impersonator ?? null;
  if (!principal || principal.kind === 'anonymous') {
    const id = note.actor_id ?? null;
    return { kind: id === null ? 'anonymous' : 'person', id, role: 'none', impersonator };
  }
  const { id, role } = principal;
  if (principal.kind === 'session')
    return { kind: 'person', id: principal.user_id ?? id, role, impersonator };
  if (principal.kind === 'application')
    return { kind: 'person', id: principal.user_id ?? id, role, impersonator };
  const kind = principal.kind === 'system' ? 'service' : principal.kind;
  return { kind, id, role, impersonator };
}

/** The application through which a person acts. */
const throughOf = (principal: CallPrincipal | undefined) =>
  principal?.kind === 'application' ? { application: principal.id } : {};

/** The objects that an input names. */
const idsOf = ({ id }: Readonly<Record<string, unknown>>) => (typeof id === 'string' ? { id } : {});

function shownOf(members: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> | null {
  if (!members || Object.keys(members).length === 0) return null;
  return redact(members, MAX_SHOWN) as Record<string, unknown>;
}

/** A partner sees every call that was made in its name. */
const CALLED: AuditEntryDeclaration = { action: 'impersonation.called', object: 'credential' };

/** The entry that a call will leave; undefined when its contract declares none. */
export function beginAct(contract: RequestContract, call: CallContext, input: unknown): Pending | undefined {
  const entry = auditedAs(contract) ?? (call.principal?.impersonator && contract.http ? CALLED : undefined);
  return entry ? new Pending(contract, entry, call, input) : undefined;
}

/**
 * Publishes the entries that no transaction has stored: of refusals, and of effects that are not in PostgreSQL but in
 * JetStream itself, or in the memory of an instance. An entry that JetStream does not take now is published again
 * until it does; it is lost when the process ends before.
 */
export class ActRecorder {
  readonly #publisher: Pick<EventPublisher, 'publish'>;
  readonly #logger: Logger | undefined;
  #waiting = 0;

  constructor(publisher: Pick<EventPublisher, 'publish'>, logger: Logger | undefined) {
    this.#publisher = publisher;
    this.#logger = logger;
  }

  /**
   * Runs a handler. Returns its output, or throws its error, once its entry is stored, or when JetStream did not take
   * the entry at once.
   */
  async record(act: Pending, run: () => unknown | Promise<unknown>): Promise<unknown> {
    let output: unknown;
    try {
      output = await run();
    } catch (error) {
      const refusal = act.refusal(error);
      if (refusal) await this.#publish(act, refusal);
      throw error;
    }
    if (act.isRecorded || act.note.isRepeat) return output;
    act.isRecorded = true;
    await this.#publish(act, act.describe(output));
    return output;
  }

  async #publish(act: Pending, described: ReturnType<Pending['describe']>): Promise<void> {
    const publish = () => this.#publisher.publish(described.contract, described.payload, { id: act.id });
    const first = this.#first(publish, described.payload.action);
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
  }

  async #first(publish: () => Promise<unknown>, action: string): Promise<void> {
    try {
      await publish();
    } catch (error) {
      if (this.#waiting >= MOST_WAITING) {
        this.#logger?.log('act.unrecorded', { error, action });
        return;
      }
      this.#logger?.log('act.waits', { error, action });
      this.#again(publish, FIRST_PAUSE_MS);
    }
  }

  #again(publish: () => Promise<unknown>, pauseMs: number): void {
    this.#waiting++;
    setTimeout(() => {
      this.#waiting--;
      publish().catch(() => this.#again(publish, Math.min(pauseMs * 2, LONGEST_PAUSE_MS)));
    }, pauseMs).unref();
  }
}
