import type { beginPasskey, createLogInChallenge, OutputOf } from '@gridworks/contracts';
import { SoftwareAuthenticator } from '@gridworks/testing/software-authenticator';
import { PortalUnderTest } from '../../../chaos/test/portal-under-test.ts';
import { makeFirstCall } from './first-call.ts';
import { PortalPage } from './portal-page.ts';

const OWNER = { email: 'ada@ada-energy.com', password: 'correct horse battery' };

/** A new partner adds a passkey, logs in with it alone, and makes the first call. The device is a program that signs as one does. */
export async function walkWithPasskey(say: (text: string) => void): Promise<void> {
  const portal = await PortalUnderTest.start({});
  try {
    const { url } = portal.system;
    // Passkeys belong to a host name.
    const origin = url.replace('127.0.0.1', 'localhost');
    say(`portal ${origin}`);
    const device = new SoftwareAuthenticator(origin);
    const page = new PortalPage(url);
    await page.call('POST', '/v1/partners', 'a new partner and its owner', {
      body: { name: 'Ada Energy', ...OWNER },
    });
    await page.call('POST', '/v1/browser-sessions', 'the owner logs in with a password', { body: OWNER });
    const offer = await page.call<OutputOf<typeof beginPasskey>>(
      'POST',
      '/v1/me/passkeys/challenge',
      'what the device shall sign',
    );
    await page.call('POST', '/v1/me/passkeys', 'the device has a passkey now', {
      body: { name: 'Laptop', challenge: offer.challenge, passkey: device.create(offer.public_key) },
    });
    await page.call('DELETE', '/v1/browser-sessions/current', 'the owner logs out');
    const challenge = await page.call<OutputOf<typeof createLogInChallenge>>(
      'POST',
      '/v1/log-in-challenges',
      'and logs in again, with the passkey alone',
    );
    if (challenge.public_key === null) throw new Error('the portal asks for no passkey');
    device.counter++;
    await page.call('POST', '/v1/browser-sessions/complete', 'the signature of the device is right', {
      body: {
        challenge: challenge.token,
        proof: { method: 'passkey', passkey: device.get(challenge.public_key) },
      },
    });
    await makeFirstCall(page);
  } finally {
    await portal.stop();
  }
}
