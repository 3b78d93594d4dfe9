import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifyWebhook, type WebhookOptions } from './verify-webhook.ts';

// The example of the specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const AT = 1614265330;
const PAYLOAD = '{"test": 2432232314}';
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const headers = { 'webhook-id': ID, 'webhook-timestamp': String(AT), 'webhook-signature': SIGNATURE };
const options: WebhookOptions = { secret: SECRET, now: () => AT * 1000 };

describe('verifyWebhook', () => {
  it('accepts the example of the specification', () => {
    expect(verifyWebhook({ payload: PAYLOAD, headers }, options)).toMatchObject({
      id: ID,
      sentAt: new Date(AT * 1000),
    });
  });

  it('reads headers in any spelling, as an object or as Headers', () => {
    expect(verifyWebhook({ payload: Buffer.from(PAYLOAD), headers: new Headers(headers) }, options).id).toBe(
      ID,
    );
    const loud = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(verifyWebhook({ payload: PAYLOAD, headers: loud }, options).id).toBe(ID);
  });

  it('accepts one valid signature of several, and the old or the new secret', () => {
    const several = { ...headers, 'webhook-signature': `v1,AAAA v2,xyz ${SIGNATURE}` };
    expect(
      verifyWebhook({ payload: PAYLOAD, headers: several }, { ...options, secret: ['whsec_AAAA', SECRET] })
        .id,
    ).toBe(ID);
  });

  it('accepts an Ed25519 signature', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    const v1a = `v1a,${sign(null, Buffer.from(`${ID}.${AT}.${PAYLOAD}`), privateKey).toString('base64')}`;
    const signed = { ...headers, 'webhook-signature': v1a };
    expect(
      verifyWebhook({ payload: PAYLOAD, headers: signed }, { ...options, secret: `whpk_${raw}` }).id,
    ).toBe(ID);
    const other = generateKeyPairSync('ed25519')
      .publicKey.export({ format: 'der', type: 'spki' })
      .subarray(-32)
      .toString('base64');
    expect(() =>
      verifyWebhook({ payload: PAYLOAD, headers: signed }, { ...options, secret: `whpk_${other}` }),
    ).toThrow('wrong signature');
  });

  const hmac = (text: string) =>
    createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
      .update(text)
      .digest('base64');
  it.each([
    ['a changed body', { payload: `${PAYLOAD} ` }, {}],
    ['another id', { headers: { ...headers, 'webhook-id': 'msg_x' } }, {}],
    ['another time', { headers: { ...headers, 'webhook-timestamp': String(AT + 1) } }, {}],
    ['no signature', { headers: { ...headers, 'webhook-signature': undefined } }, {}],
    ['a replay after six minutes', {}, { now: () => (AT + 360) * 1000 }],
    ['a time that is no number', { headers: { ...headers, 'webhook-timestamp': '1e9' } }, {}],
    ['another secret', {}, { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    [
      'an HMAC under the name of Ed25519',
      { headers: { ...headers, 'webhook-signature': `v1a,${hmac(`${ID}.${AT}.${PAYLOAD}`)}` } },
      {},
    ],
    [
      'a signature without a version',
      { headers: { ...headers, 'webhook-signature': SIGNATURE.slice(3) } },
      {},
    ],
  ])('refuses %s', (_, request, change) => {
    expect(() => verifyWebhook({ payload: PAYLOAD, headers, ...request }, { ...options, ...change })).toThrow(
      expect.objectContaining({ code: 'CLIENT.WEBHOOK_REFUSED' }),
    );
  });
});
