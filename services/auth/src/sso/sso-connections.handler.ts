import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  callerOf,
  createSsoConnection,
  enforceSso,
  INVALID_INPUT,
  listPage,
  listSsoConnections,
  newId,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  removeSsoConnection,
  SSO_ENFORCED_ALREADY,
  SSO_NOT_FOUND,
  SSO_NOT_TESTED,
  SSO_WITHOUT_DOMAIN,
  stopSso,
  TOO_MANY_SSO_CONNECTIONS,
  updateSsoConnection,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { DomainRepository } from '../domains/domain.repository.ts';
import { SecretBox } from '../second-factors/totp/secret-box.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { MAX_CONNECTIONS, presentConnection, type SsoConnection } from '../sso-connections/sso-connection.ts';

type Public = OutputOf<typeof createSsoConnection>;

/** From the environment. */
interface SsoConfig {
  readonly PORTAL_URL: string;
  readonly AUTH_SSO_PRIVATE_NETWORKS?: boolean;
}

/** The identity providers of a partner, and whether its persons must use one. */
@Controller()
export class SsoConnectionsHandler {
  constructor(
    private readonly database: Database,
    private readonly connections: SsoConnectionRepository,
    private readonly domains: DomainRepository,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: SsoConfig,
  ) {}

  @HandleRequest(listSsoConnections)
  async list(
    _input: ParsedInputOf<typeof listSsoConnections>,
    call: CallContext,
  ): Promise<OutputOf<typeof listSsoConnections>> {
    const rows = await this.connections.listOf(partnerOf(call));
    return listPage(listSsoConnections, { has_more: false, data: rows.map((row) => this.#present(row)) });
  }

  @HandleRequest(createSsoConnection)
  async create(input: ParsedInputOf<typeof createSsoConnection>, call: CallContext): Promise<Public> {
    const partnerId = partnerOf(call);
    const id = newId('ssoConnection');
    const { kind, oidc, saml } = input;
    if (kind === 'oidc' ? !oidc || saml : !saml || oidc) throw settingsOf(kind);
    this.#checkAddresses(input);
    const now = new Date();
    const { client_secret: secret, ...rest } = oidc ?? { client_secret: null };
    const row: SsoConnection = {
      ...{ id, partner_id: partnerId, kind, name: input.name, state: 'draft' },
      settings: (saml ?? rest) as SsoConnection['settings'],
      secret: secret === null ? null : this.box.seal(secret, id),
      default_role: input.default_role,
      ...{ created_by: actorOf(call), created_at: now, changed_at: now, tested_at: null, enforced_at: null },
    };
    return this.database.transaction(async (tx) => {
      if ((await this.connections.count(tx, partnerId)) >= MAX_CONNECTIONS)
        throw new AppError(TOO_MANY_SSO_CONNECTIONS);
      await this.connections.insert(tx, row);
      return this.#present(row);
    });
  }

  /** Other settings of the provider make a draft of it: what was tested was another connection. */
  @HandleRequest(updateSsoConnection)
  async update(input: ParsedInputOf<typeof updateSsoConnection>, call: CallContext): Promise<Public> {
    this.#checkAddresses(input);
    return this.#change(call, input.id, async (tx, row, now) => {
      const { oidc, saml, name = row.name, default_role = row.default_role } = input;
      if (row.kind === 'oidc' ? saml : oidc) throw settingsOf(row.kind);
      noteAct({ before: { name: row.name, default_role: row.default_role, state: row.state } });
      const { client_secret: secret, ...rest } = oidc ?? {};
      const isOther = oidc !== undefined || saml !== undefined;
      const other: Partial<SsoConnection> = isOther
        ? {
            settings: (saml ?? rest) as SsoConnection['settings'],
            ...(secret === undefined ? {} : { secret: this.box.seal(secret, row.id) }),
            ...{ state: 'draft', changed_at: now, tested_at: null, enforced_at: null },
          }
        : {};
      return this.connections.change(tx, row, { name, default_role, ...other });
    });
  }

  @HandleRequest(removeSsoConnection)
  async remove(
    { id }: ParsedInputOf<typeof removeSsoConnection>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeSsoConnection>> {
    return this.database.transaction(async (tx) => {
      const row = await this.#hold(tx, call, id);
      const now = new Date();
      const ended = await this.connections.endSessions(tx, row, now);
      await this.connections.remove(tx, row);
      noteAct({ before: { name: row.name, state: row.state } });
      return {
        object: 'removed_sso_connection' as const,
        ...{ id, removed_at: now.toISOString(), ended_sessions: ended },
      };
    });
  }

  /** Needs a test of the present settings, and a domain whose persons it is for. */
  @HandleRequest(enforceSso)
  async enforce({ id }: ParsedInputOf<typeof enforceSso>, call: CallContext): Promise<Public> {
    const domains = await this.domains.listOf(partnerOf(call));
    return this.#change(call, id, async (tx, row, now) => {
      if (row.state === 'enforced') return row;
      if (row.state !== 'tested' || row.tested_at === null) throw new AppError(SSO_NOT_TESTED);
      if (!domains.some(({ verified_at }) => verified_at !== null)) throw new AppError(SSO_WITHOUT_DOMAIN);
      if (await this.connections.isAnotherEnforced(tx, row)) throw new AppError(SSO_ENFORCED_ALREADY);
      const changed = await this.connections.change(tx, row, { state: 'enforced', enforced_at: now });
      const ended = await this.connections.endOtherSessions(tx, row, callerOf(call).id, now);
      noteAct({ before: { state: row.state }, after: { state: 'enforced', ended_sessions: ended } });
      return changed;
    });
  }

  @HandleRequest(stopSso)
  async stop({ id }: ParsedInputOf<typeof stopSso>, call: CallContext): Promise<Public> {
    return this.#change(call, id, async (tx, row, now) => {
      const changed = await this.connections.change(tx, row, {
        ...{ state: 'off', tested_at: null, enforced_at: null },
      });
      const ended = await this.connections.endSessions(tx, row, now);
      noteAct({ before: { state: row.state }, after: { state: 'off', ended_sessions: ended } });
      return changed;
    });
  }

  #change(
    call: CallContext,
    id: string,
    change: (tx: Transaction, row: SsoConnection, now: Date) => Promise<SsoConnection>,
  ): Promise<Public> {
    return this.database.transaction(async (tx) => {
      const row = await this.#hold(tx, call, id);
      return this.#present(await change(tx, row, new Date()));
    });
  }

  /** A connection of another partner and a missing one get the same error. */
  async #hold(tx: Transaction, call: CallContext, id: string): Promise<SsoConnection> {
    const row = await this.connections.hold(tx, partnerOf(call), id);
    if (!row) throw new AppError(SSO_NOT_FOUND);
    return row;
  }

  #checkAddresses({ oidc, saml }: Pick<ParsedInputOf<typeof updateSsoConnection>, 'oidc' | 'saml'>): void {
    if (this.config.AUTH_SSO_PRIVATE_NETWORKS) return;
    const addresses = [
      ['/oidc/issuer', oidc?.issuer],
      ['/saml/entry_point', saml?.entry_point],
    ] as const;
    for (const [pointer, address] of addresses)
      if (address !== undefined && !address.startsWith('https://'))
        throw new AppError(INVALID_INPUT, { problems: [{ pointer, detail: 'must begin with https://' }] });
  }

  #present(row: SsoConnection): Public {
    return presentConnection(row, this.config.PORTAL_URL);
  }
}

function settingsOf(kind: string): AppError {
  return new AppError(INVALID_INPUT, {
    detail: `A connection of kind ${kind} has its settings in the member ${kind}, and no others.`,
    problems: [
      { pointer: `/${kind}`, detail: `is required for the kind ${kind}, which takes no other settings` },
    ],
  });
}
