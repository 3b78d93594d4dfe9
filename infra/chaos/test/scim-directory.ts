import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DnsServerHandle, eventually } from '@gridworks/testing';
import type { PortalUnderTest } from './portal-under-test.ts';

export type Json = Record<string, unknown>;

/** A response with its body, parsed where there is one. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects.
  readonly body: any;
}

const PASSWORD = 'correct horse battery';
let count = 0;

/** A call by HTTP through the gateway. */
export async function call(
  url: string,
  method: string,
  token: string | null,
  body?: unknown,
  type = 'application/json',
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

type DirectoryParts = Readonly<
  Record<'url' | 'domain' | 'partnerId' | 'owner' | 'ownerEmail' | 'tokenId' | 'token', string>
>;

/** A partner with a verified domain and the SCIM client of its directory. */
export class Directory {
  readonly url: string;
  readonly domain: string;
  readonly partnerId: string;
  /** The session of the owner. */
  readonly owner: string;
  readonly ownerEmail: string;
  readonly tokenId: string;
  readonly token: string;

  private constructor(given: DirectoryParts) {
    this.url = given.url;
    this.domain = given.domain;
    this.partnerId = given.partnerId;
    this.owner = given.owner;
    this.ownerEmail = given.ownerEmail;
    this.tokenId = given.tokenId;
    this.token = given.token;
  }

  static async of(portal: PortalUnderTest, dns: DnsServerHandle): Promise<Directory> {
    const { url } = portal.system;
    const domain = `ada-${Date.now()}-${count++}.com`;
    const email = `owner@${domain}`;
    const registered = await call(`${url}/v1/partners`, 'POST', null, {
      name: 'Ada Energy',
      email,
      password: PASSWORD,
    });
    const owner = (await call(`${url}/v1/sessions`, 'POST', null, { email, password: PASSWORD })).body.token;
    const added = (await call(`${url}/v1/domains`, 'POST', owner, { domain })).body;
    dns.setTxt(added.record.name, added.record.value);
    const verified = await call(`${url}/v1/domains/${added.id}/verify`, 'POST', owner, {});
    if (verified.status !== 200) throw new Error(JSON.stringify(verified.body));
    const made = (await call(`${url}/v1/scim/tokens`, 'POST', owner, { name: 'Okta' })).body;
    return new Directory({
      ...{ url, domain, owner, ownerEmail: email },
      partnerId: registered.body.partner.id,
      ...{ tokenId: made.id, token: made.token },
    });
  }

  /** As the SCIM client. `path` below `/scim/v2`. */
  scim(method: string, path: string, body?: unknown): Promise<Answer> {
    return call(`${this.url}/scim/v2${path}`, method, this.token, body, 'application/scim+json');
  }

  patch(path: string, ...operations: readonly Json[]): Promise<Answer> {
    return this.scim('PATCH', path, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: operations,
    });
  }

  find(kind: 'Users' | 'Groups', filter: string, more = ''): Promise<Answer> {
    return this.scim('GET', `/${kind}?filter=${encodeURIComponent(filter)}${more}`);
  }

  /** As the owner in the console. */
  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return call(`${this.url}${path}`, method, this.owner, body);
  }

  /** A user of the domain, as Okta makes one. */
  async user(name: string, more: Json = {}): Promise<Answer> {
    return this.scim('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${name}@${this.domain}`,
      name: { givenName: name, familyName: 'Lovelace' },
      emails: [{ primary: true, value: `${name}@${this.domain}`, type: 'work' }],
      displayName: `${name} Lovelace`,
      locale: 'en-US',
      externalId: `00u-${name}`,
      groups: [],
      active: true,
      ...more,
    });
  }

  /** The member of an address as the team page shows it; undefined for none. */
  async member(address: string): Promise<{ id: string; role: string; email: string } | undefined> {
    const { body } = await this.api('GET', '/v1/members?limit=100');
    return body.data.find(({ email }: { email: string }) => email === address);
  }
}

/** The secret of the link in the newest mail to an address. */
export function mailedSecret(portal: PortalUnderTest, address: string, words: string): Promise<string> {
  const folder = portal.system.layout.mail;
  return eventually(
    () => {
      const mail = readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .sort()
        .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
        .filter(({ to, subject }) => JSON.stringify(to).includes(address) && subject.includes(words))
        .at(-1);
      const secret = /#token=(\w+)/.exec(mail?.text ?? '')?.[1];
      if (!secret) throw new Error(`no mail "${words}" with a link to ${address}`);
      return secret;
    },
    { timeoutMs: 20_000 },
  );
}

/** A person who was provisioned chooses a password by the mail, and logs in. Returns the token of the session. */
export async function chooseAndLogIn(portal: PortalUnderTest, email: string): Promise<string> {
  const { url } = portal.system;
  const token = await mailedSecret(portal, email, 'You belong to');
  const chosen = await call(`${url}/v1/password-resets/complete`, 'POST', null, {
    token,
    new_password: PASSWORD,
  });
  if (chosen.status !== 200) throw new Error(JSON.stringify(chosen.body));
  return (await call(`${url}/v1/sessions`, 'POST', null, { email, password: PASSWORD })).body.token;
}
