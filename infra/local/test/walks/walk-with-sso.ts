import { startDns } from '@gridworks/testing';
import {
  logInAtProvider,
  type ProviderAccount,
  startIdentityProvider,
} from '@gridworks/testing/identity-provider';
import { PortalUnderTest } from '../../../chaos/test/portal-under-test.ts';
import { makeFirstCall } from './first-call.ts';
import { PortalPage } from './portal-page.ts';

const DOMAIN = 'ada-energy.com';
const OWNER = { email: `ada@${DOMAIN}`, password: 'correct horse battery' };
const PERSON = 'lin';

interface Begun {
  readonly authorization_url: string;
}

/**
 * A partner sets single sign-on up, and one of its people logs in with it and makes the first call. Name server and provider are
 * real ones on this machine; the portal is told to trust them, as no portal does by itself.
 */
export async function walkWithSso(say: (text: string) => void): Promise<void> {
  const accounts = new Map<string, ProviderAccount>([
    [PERSON, { email: `${PERSON}@${DOMAIN}`, name: 'Lin' }],
  ]);
  const redirectUris: string[] = [];
  const dns = await startDns();
  const provider = await startIdentityProvider({ redirectUris, accounts });
  let portal: PortalUnderTest | undefined;
  try {
    portal = await PortalUnderTest.start({
      AUTH_DNS_SERVERS: dns.address,
      AUTH_SSO_PRIVATE_NETWORKS: 'true',
    });
    const { url } = portal.system;
    say(`portal ${url}, OpenID Connect provider ${provider.issuer}, name server ${dns.address}`);
    redirectUris.push(`${url}/log-in/callback`);

    const owner = new PortalPage(url);
    await owner.call('POST', '/v1/partners', 'a new partner and its owner', {
      body: { name: 'Ada Energy', ...OWNER },
    });
    await owner.call('POST', '/v1/browser-sessions', 'the owner logs in with a password', { body: OWNER });
    const { id, record } = await owner.call<{ id: string; record: { name: string; value: string } }>(
      'POST',
      '/v1/domains',
      `the domain of its people: ${DOMAIN}`,
      { body: { domain: DOMAIN } },
    );
    dns.setTxt(record.name, record.value);
    say(`TXT ${record.name} is published`);
    await owner.call('POST', `/v1/domains/${id}/verify`, 'the portal finds the record');
    const connection = await owner.call<{ id: string }>(
      'POST',
      '/v1/sso-connections',
      'a connection to the provider; new people become developers',
      {
        body: {
          ...{ kind: 'oidc', name: 'Ada ID', default_role: 'developer' },
          oidc: {
            ...{ issuer: provider.issuer, client_id: provider.clientId },
            client_secret: provider.clientSecret,
          },
        },
      },
    );
    const at = `/v1/sso-connections/${connection.id}`;
    const test = await owner.call<Begun>('POST', `${at}/tests`, 'a test: the browser goes to the provider');
    await owner.call('POST', '/v1/sso-connections/test-results', 'it comes back, and the test has passed', {
      body: await comeBack(test),
    });
    await owner.call('POST', `${at}/enforce`, 'from now on everybody of the domain must use it');

    const person = new PortalPage(url);
    const begun = await person.call<Begun>('POST', '/v1/log-in/sso', 'a person logs in at the provider', {
      body: { email: `${PERSON}@${DOMAIN}` },
    });
    await person.call('POST', '/v1/log-in/attempts/complete', 'and has an account and a session here', {
      body: await comeBack(begun),
    });
    await makeFirstCall(person);
  } finally {
    await portal?.stop();
    await provider.stop();
    await dns.stop();
  }
}

/** What the provider put into the address that it sends the browser back to. */
async function comeBack({ authorization_url: url }: Begun): Promise<object> {
  const { searchParams } = await logInAtProvider(url, PERSON);
  return Object.fromEntries(searchParams);
}
