import { Bus, type Consumption } from '@gridworks/bus';
import * as contracts from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import type { NatsServer } from '@gridworks/testing';
import { SIGNING_KEY } from './gateway-under-test.ts';

type FakeHandler = (input: never, call: CallContext) => unknown;

const now = () => new Date().toISOString();

/** One credential of each kind that the gateway accepts. */
export interface Identities {
  /** A person of each role; `none` for one without a partner. */
  readonly persons: Readonly<Record<contracts.Principal['role'], string>>;
  readonly owner: string;
  readonly admin: string;
  readonly key: string;
  readonly otherKey: string;
  readonly revoked: string;
  readonly malformed: string;
}

/** Services that send the test's responses over a real bus. */
export class FakeServices {
  /** The usage records that billing received, each once, as billing stores them. */
  readonly usage: contracts.UsageRecord[] = [];
  readonly #counted = new Set<string>();
  /** Ids of received events, as in billing's inbox. */
  readonly #takenIn = new Set<string>();
  consumption: Consumption | undefined;
  /** Requests that arrived, with their caller, by subject. */
  readonly calls: { subject: string; input: unknown; call: CallContext }[] = [];
  readonly identities: Identities;
  readonly principals = new Map<string, contracts.Principal>();
  readonly #buses = new Map<contracts.ServiceName, Bus>();
  readonly #handlers = new Map<string, FakeHandler>();
  readonly #nats: NatsServer;

  private constructor(nats: NatsServer) {
    this.#nats = nats;
    const partner = contracts.newId('partner');
    const session = (role: contracts.Principal['role']) =>
      this.#credential(
        contracts.newSessionToken(),
        'session',
        contracts.isPlatformRole(role) || role === 'none' ? null : partner,
        role,
      );
    const persons = Object.fromEntries(
      contracts.PRINCIPAL_ROLES.map((role) => [role, session(role)]),
    ) as Identities['persons'];
    this.identities = {
      persons,
      owner: persons.owner,
      admin: persons.platform_admin,
      key: this.#credential(contracts.newApiKey('live'), 'api_key', partner, 'none'),
      otherKey: this.#credential(contracts.newApiKey('test'), 'api_key', contracts.newId('partner'), 'none'),
      revoked: contracts.newApiKey('live'),
      malformed: `${contracts.newApiKey('live').slice(0, -1)}!`,
    };
  }

  static async start(nats: NatsServer): Promise<FakeServices> {
    const fake = new FakeServices(nats);
    for (const service of ['auth', 'billing', 'support', 'monitor', 'healer'] as const)
      await fake.startService(service);
    await fake.consumeUsage();
    await fake.bus('billing').serve(contracts.inboxRequest('billing'), ({ event_ids }) => ({
      confirmed: event_ids.filter((id) => fake.#takenIn.has(id)),
    }));
    return fake;
  }

  /** The token of a session of somebody else with this role in a partner. */
  person(
    role: contracts.Principal['role'],
    partnerId: string,
    more: Partial<contracts.Principal> = {},
  ): string {
    const token = this.#credential(contracts.newSessionToken(), 'session', partnerId, role);
    this.change(token, more);
    return token;
  }

  principalOf(token: string): contracts.Principal {
    const principal = this.principals.get(contracts.credentialDigest(token));
    if (!principal) throw new Error('no such credential');
    return principal;
  }

  /** What auth says of a credential from now on. */
  change(token: string, more: Partial<contracts.Principal>): void {
    this.principals.set(contracts.credentialDigest(token), { ...this.principalOf(token), ...more });
  }

  /** Begins to consume usage, as billing does: each record once. */
  async consumeUsage(): Promise<void> {
    this.consumption = await this.bus('billing').consume(
      contracts.usageRecorded,
      'billing_record-usage',
      async ({ id, payload }) => {
        this.#takenIn.add(id);
        for (const record of payload.records) {
          if (this.#counted.has(record.id)) continue;
          this.#counted.add(record.id);
          this.usage.push(record);
        }
      },
    );
  }

  bus(service: contracts.ServiceName): Bus {
    const bus = this.#buses.get(service);
    if (!bus) throw new Error(`${service} is not running`);
    return bus;
  }

  /** Sets another response from now on. */
  on<C extends contracts.RequestContract>(
    contract: C,
    handler: (input: contracts.ParsedInputOf<C>, call: CallContext) => unknown,
  ): void {
    this.#handlers.set(contract.subject, handler as FakeHandler);
  }

  /** A new credential of a partner: a live key, or the session of its owner. */
  issue(partnerId: string, kind: 'api_key' | 'session'): string {
    return kind === 'session'
      ? this.#credential(contracts.newSessionToken(), kind, partnerId, 'owner')
      : this.#credential(contracts.newApiKey('live'), kind, partnerId, 'none');
  }

  reset(): void {
    this.#handlers.clear();
    this.calls.length = 0;
  }

  /** Opens a bus with a service's own NATS user; the caller closes it. */
  connect(service: contracts.ServiceName): Promise<Bus> {
    const { user, password } = this.#nats.credentials(service);
    return Bus.connect({
      servers: this.#nats.url,
      user,
      password,
      service,
      instance: service,
      signingKey: SIGNING_KEY,
    });
  }

  async startService(service: contracts.ServiceName): Promise<void> {
    const bus = await this.connect(service);
    this.#buses.set(service, bus);
    for (const contract of contracts.REQUESTS) {
      if (contract.owner !== service) continue;
      await bus.serve(contract, (input, call) => {
        this.calls.push({ subject: contract.subject, input, call });
        const handler = this.#handlers.get(contract.subject);
        return handler
          ? handler(input as never, call)
          : this.#usual(contract.subject, input as Record<string, unknown>, call);
      });
    }
  }

  /** Stops the service as a kill would: its requests find no responder. */
  async stopService(service: contracts.ServiceName): Promise<void> {
    await this.bus(service).close();
    this.#buses.delete(service);
  }

  async stop(): Promise<void> {
    for (const bus of this.#buses.values()) await bus.close();
  }

  #credential(
    text: string,
    kind: 'session' | 'api_key',
    partnerId: string | null,
    role: contracts.Principal['role'],
  ): string {
    const principal: contracts.Principal = {
      kind,
      id: contracts.newId(kind === 'session' ? 'session' : 'apiKey'),
      partner_id: partnerId,
      user_id: kind === 'session' ? contracts.newId('user') : null,
      role,
      ...(role === 'custom' ? { permissions: ['usage:read', 'members:write'] } : {}),
      mode: kind === 'api_key' ? 'live' : null,
      ...(kind === 'session' ? { authenticated_at: now() } : {}),
    };
    this.principals.set(contracts.credentialDigest(text), principal);
    return text;
  }

  /** A browser's session of an owner, as auth makes it. */
  #logIn(digest: string): unknown {
    const partnerId = contracts.newId('partner');
    const user = {
      object: 'user',
      id: contracts.newId('user'),
      email: 'ada@example.com',
      email_confirmed_at: null,
      platform_role: null,
      created_at: now(),
    };
    const id = contracts.newId('session');
    const principal = {
      kind: 'session',
      id,
      partner_id: partnerId,
      user_id: user.id,
      role: 'owner',
      mode: null,
      authenticated_at: now(),
    };
    this.principals.set(digest, principal as contracts.Principal);
    const endsAt = new Date(Date.now() + 7 * 86_400_000).toISOString();
    return {
      object: 'browser_session',
      id,
      created_at: now(),
      expires_at: endsAt,
      ends_at: endsAt,
      csrf_token: contracts.csrfTokenOf(digest),
      role: 'owner',
      permissions: null,
      user,
      partner: { object: 'partner', id: partnerId, name: 'Ada Energy', created_at: now() },
    };
  }

  #usual(subject: string, input: Record<string, unknown>, call: CallContext): unknown {
    switch (subject) {
      case contracts.verifyCredential.subject: {
        const principal = this.principals.get(input.digest as string);
        if (!principal) throw new contracts.AppError(contracts.CREDENTIAL_REFUSED);
        return { principal, expires_at: null };
      }
      // No plan limits: those of the environment are in force.
      case contracts.getEntitlements.subject:
        return { limits: { burst_per_minute: 1e9, daily: 1e12 }, overrides: [] };
      case contracts.createBrowserSession.subject:
      case contracts.completeBrowserSession.subject:
      case contracts.recoverBrowserSession.subject:
        return this.#logIn((input.session_digest as string | undefined) ?? '0'.repeat(64));
      case contracts.exportAudit.subject:
      case contracts.exportAllAudit.subject:
        return { has_more: false, data: [] };
      case contracts.getInvoicePdf.subject:
        return { object: 'invoice_pdf', file_name: 'GW-2026-000042.pdf', base64: btoa('%PDF-1.7') };
      case contracts.listPlans.subject:
        return { object: 'list', url: '/v1/plans', has_more: false, data: [] };
      case contracts.getIdentity.subject:
        return { object: 'identity', principal: call.principal, partner: null, user: null };
      case contracts.getTicket.subject:
      case contracts.transitionTicket.subject:
        throw new contracts.AppError(contracts.TICKET_NOT_FOUND);
      default:
        return { object: 'answer', subject, at: now() };
    }
  }
}
