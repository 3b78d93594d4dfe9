import { createHash, randomBytes } from 'node:crypto';
import { type Bus, publicKeyOf } from '@gridworks/bus';
import {
  createApplication,
  credentialDigest,
  csrfTokenOf,
  type InputOf,
  listPage,
  listTickets,
  type OutputOf,
  type Principal,
} from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import { eventually } from '@gridworks/testing';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { expect } from '@jest/globals';
import type { Type } from '@nestjs/common';
import type { AuthConfig } from '../../src/auth.config.ts';
import { PortalUser, startAuth } from '../auth-under-test.ts';
import { type ServiceProcess, startProcess } from './service-process.ts';

export const SIGNING_KEY = 'a signing key for tests, of no value';
/** The secret key of auth in tests, as its process reads it. */
export const SECRET_KEY = Buffer.alloc(32, 'a key for tests, of no value').toString('hex');
/** The issuer of the tokens in tests, and their audience. */
export const ISSUER = 'https://portal.example';

export type MadeApplication = OutputOf<typeof createApplication>;
export type TokenResponse = {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly expires_in: number;
  readonly token_type: string;
  readonly error?: string;
};

/** A person with a browser: its cookies by address, as a browser keeps them. */
export interface Person {
  readonly principal: Principal;
  readonly token: string;
  /** Name, value and path. */
  readonly cookies: Map<string, { readonly value: string; readonly path: string }>;
}

/** Auth with a real database, and gateways as processes in front of it. */
export class OAuthUnderTest {
  readonly auth: ServiceUnderTest;
  /** The bus of a gateway. */
  readonly bus: Bus;
  readonly portal: PortalUser;
  readonly gateways: readonly ServiceProcess[];
  readonly redisUrl: string;
  #instance: InstanceUnderTest;

  private constructor(
    auth: ServiceUnderTest,
    bus: Bus,
    gateways: readonly ServiceProcess[],
    redisUrl: string,
    instance: InstanceUnderTest,
  ) {
    this.auth = auth;
    this.bus = bus;
    this.portal = new PortalUser(bus);
    this.gateways = gateways;
    this.redisUrl = redisUrl;
    this.#instance = instance;
  }

  static async start(
    options: { readonly gateways?: number; readonly config?: Partial<AuthConfig> } = {},
  ): Promise<OAuthUnderTest> {
    const { auth, redis } = await startAuth(options.config);
    const instance = await auth.startInstance();
    const { user = '', password = '' } = auth.nats.credentials('gateway');
    const env = {
      NATS_URL: auth.nats.url,
      ...{ NATS_USER: user, NATS_PASSWORD: password, REDIS_URL: redis.url },
      ...{ SIGNING_KEY, SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY), PORT: '0' },
      ...{ GATEWAY_LIMIT_ADDRESS_BURST: '100000', GATEWAY_LIMIT_ADDRESS_DAILY: '1000000' },
    };
    const gateways = await Promise.all(
      Array.from({ length: options.gateways ?? 1 }, () => startProcess('gateway', env)),
    );
    const bus = await auth.startGateway();
    // Stands for support: it says who called.
    const support = await auth.connect('support');
    support.serve(listTickets, async () => {
      const { principal } = currentContext() as { principal?: Principal };
      echoed.push(principal ?? null);
      return listPage(listTickets, { data: [], has_more: false });
    });
    const oauth = new OAuthUnderTest(auth, bus, gateways, redis.url, instance);
    // Just started, everything takes longer: password hashes, plans of statements, the library of the provider.
    await eventually(() => oauth.person(), { timeoutMs: 60_000 });
    for (const index of gateways.keys())
      await eventually(
        async () => expect((await oauth.fetch('/.well-known/jwks.json', {}, index)).status).toBe(200),
        { timeoutMs: 60_000 },
      );
    return oauth;
  }

  /** A provider of the instance of auth in this process. */
  get<T>(type: Type<T>): T {
    return this.#instance.module.get(type);
  }

  /** Stops the instance of auth in this process. */
  stopInstance(): Promise<void> {
    return this.#instance.stop();
  }

  /** Starts an instance in this process again. */
  async startInstance(): Promise<void> {
    this.#instance = await this.auth.startInstance('auth-3');
  }

  /** The callers that reached support, in their order. */
  readonly echoed = echoed;

  async stop(): Promise<void> {
    await Promise.all(this.gateways.map((one) => one.kill9()));
    await this.auth.stop();
  }

  fetch(path: string, init: RequestInit = {}, gateway = 0): Promise<Response> {
    return fetch(`${this.gateways[gateway]?.url}${path}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
      ...init,
    });
  }

  /** Calls the API with an access token. `GET /v1/me` by default. */
  call(token: string, path = '/v1/me', gateway = 0): Promise<Response> {
    return this.fetch(path, { headers: { authorization: `Bearer ${token}` } }, gateway);
  }

  /** A form to an address of the provider. `client`: sent by HTTP Basic. */
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    client: { readonly id: string; readonly client_secret: string | null } | null = null,
    gateway = 0,
  ): Promise<Response> {
    const basic = client?.client_secret
      ? { authorization: `Basic ${Buffer.from(`${client.id}:${client.client_secret}`).toString('base64')}` }
      : {};
    return this.fetch(
      path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...basic },
        body: new URLSearchParams(form).toString(),
      },
      gateway,
    );
  }

  /** An owner of a new partner, with a browser. */
  async person(): Promise<Person> {
    const { user } = await this.portal.register();
    const { token } = await this.portal.logIn(user.email);
    return { principal: await this.portal.verify('session', token), token, cookies: new Map() };
  }

  application(owner: Principal, input: InputOf<typeof createApplication>): Promise<MadeApplication> {
    return this.bus.request(createApplication, input, { principal: owner });
  }

  /** A token of a service account. */
  async machineToken(
    app: MadeApplication,
    form: Readonly<Record<string, string>> = {},
  ): Promise<TokenResponse> {
    const response = await this.post('/oauth/token', { grant_type: 'client_credentials', ...form }, app);
    return (await response.json()) as TokenResponse;
  }

  /** Opens an address of the portal as the browser of a person does, with its cookies. */
  async browse(person: Person, address: string, init: RequestInit = {}, gateway = 0): Promise<Response> {
    const path = address.startsWith(ISSUER) ? address.slice(ISSUER.length) : address;
    const pathname = path.split('?')[0] ?? '';
    const cookies = [...person.cookies]
      .filter(([, { path: of }]) => pathname === of || pathname.startsWith(of === '/' ? of : `${of}/`))
      .map(([name, { value }]) => `${name}=${value}`);
    const own: Record<string, string> = path.startsWith('/v1/')
      ? {
          cookie: [`session=${person.token}`, ...cookies].join('; '),
          'sec-fetch-site': 'same-origin',
          'csrf-token': csrfTokenOf(credentialDigest(person.token)),
          'content-type': 'application/json',
        }
      : { cookie: cookies.join('; '), accept: 'text/html' };
    const { 'content-type': type, ...plain } = own;
    const headers = { ...plain, ...(init.body ? { 'content-type': type ?? '' } : {}) };
    const response = await this.fetch(path, { ...init, headers }, gateway);
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
      const end = pair.indexOf('=');
      const [name, value] = [pair.slice(0, end), pair.slice(end + 1)];
      const of = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      if (value === '') person.cookies.delete(name);
      else person.cookies.set(name, { value, path: of });
    }
    return response;
  }
}

const echoed: (Principal | null)[] = [];

/** A verifier of PKCE and its challenge. */
export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
