import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifyWebhook, type WebhookOptions } from './verify-webhook.ts';

// The example of the specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const at = 1614265330;
const payload = '{"test": 2432232314}';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
const options: WebhookOptions = { secret, now: () => at * 1000 };

describe('verifyWebhook', () => {
  it('takes the example of the specification', () => {
    expect(verifyWebhook({ payload, headers }, options)).toMatchObject({ id, sentAt: new Date(at * 1000) });
  });

  it('reads headers in any spelling, as an object or as Headers', () => {
    expect(verifyWebhook({ payload: Buffer.from(payload), headers: new Headers(headers) }, options).id).toBe(
      id,
    );
    const loud = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(verifyWebhook({ payload, headers: loud }, options).id).toBe(id);
  });

  it('takes one good signature of several, and the old or the new secret', () => {
    const several = { ...headers, 'webhook-signature': `v1,AAAA v2,xyz ${signature}` };
    expect(
      verifyWebhook({ payload, headers: several }, { ...options, secret: ['whsec_AAAA', secret] }).id,
    ).toBe(id);
  });

  it('takes an Ed25519 signature', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    const v1a = `v1a,${sign(null, Buffer.from(`${id}.${at}.${payload}`), privateKey).toString('base64')}`;
    const signed = { ...headers, 'webhook-signature': v1a };
    expect(verifyWebhook({ payload, headers: signed }, { ...options, secret: `whpk_${raw}` }).id).toBe(id);
    const other = generateKeyPairSync('ed25519')
      .publicKey.export({ format: 'der', type: 'spki' })
      .subarray(-32)
      .toString('base64');
    expect(() =>
      verifyWebhook({ payload, headers: signed }, { ...options, secret: `whpk_${other}` }),
    ).toThrow('wrong signature');
  });

  const hmac = (text: string) =>
    createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(text)
      .digest('base64');
  it.each([
    ['a changed body', { payload: `${payload} ` }, {}],
    ['another id', { headers: { ...headers, 'webhook-id': 'msg_x' } }, {}],
    ['another time', { headers: { ...headers, 'webhook-timestamp': String(at + 1) } }, {}],
    ['no signature', { headers: { ...headers, 'webhook-signature': undefined } }, {}],
    ['a replay after six minutes', {}, { now: () => (at + 360) * 1000 }],
    ['a time that is no number', { headers: { ...headers, 'webhook-timestamp': '1e9' } }, {}],
    ['another secret', {}, { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    [
      'an HMAC under the name of Ed25519',
      { headers: { ...headers, 'webhook-signature': `v1a,${hmac(`${id}.${at}.${payload}`)}` } },
      {},
    ],
    [
      'a signature without a version',
      { headers: { ...headers, 'webhook-signature': signature.slice(3) } },
      {},
    ],
  ])('refuses %s', (_, request, change) => {
    expect(() => verifyWebhook({ payload, headers, ...request }, { ...options, ...change })).toThrow(
      expect.objectContaining({ code: 'CLIENT.WEBHOOK_REFUSED' }),
    );
  });
});
