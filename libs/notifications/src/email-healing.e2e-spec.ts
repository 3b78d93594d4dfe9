import { AppError } from '@gridworks/contracts';
import { healingOf } from '@gridworks/resilience';
import { allowedMs, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freshEnvironment } from '../test/fresh-environment.ts';
import { type ScriptedSmtp, type SmtpReply, startScriptedSmtp } from '../test/scripted-smtp.ts';
import { SmtpEmailSender } from './email-sender.ts';

const mail = {
  to: ['ada@example.com'],
  subject: 'postgres is away',
  text: 'please look',
  messageId: '<inc_1.escalated@portal.example>',
};

describe('a mail and its faults', () => {
  let relay: ScriptedSmtp;
  let backup: ScriptedSmtp;
  let environment: ReturnType<typeof freshEnvironment>;
  const senders: SmtpEmailSender[] = [];

  const sender = (urls: { url?: string; backupUrl?: string } = {}) => {
    const one = new SmtpEmailSender({
      service: 'spec',
      url: relay.url,
      from: 'portal@example.com',
      environment,
      ...urls,
    });
    senders.push(one);
    return one;
  };
  const failure = async (promise: Promise<unknown>): Promise<AppError> => {
    const error = await promise.then(
      () => new Error('it was sent'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof AppError)) throw error;
    return error;
  };
  /** The first `times` visits get this reply, later visits succeed. */
  const atFirst = (moment: string, reply: SmtpReply, times = 1) => {
    relay.script = (now, visit) => (now === moment && visit <= times ? reply : undefined);
  };

  beforeEach(async () => {
    environment = freshEnvironment();
    [relay, backup] = await Promise.all([startScriptedSmtp(), startScriptedSmtp()]);
  });
  afterEach(async () => {
    for (const one of senders.splice(0)) one.close();
    await Promise.all([relay.stop(), backup.stop()]);
  });

  it.each([
    ['a server that closes at once', 'greeting', '421 4.3.2 service not available, closing'],
    ['a connection that is cut before the greeting', 'greeting', 'cut'],
    ['a connection that is cut at the envelope', 'mail', 'cut'],
    ['a mailbox that is busy', 'rcpt', '450 4.2.0 mailbox busy, try again later'],
    ['a server that shuts down at DATA', 'data', '421 4.3.0 shutting down'],
    ['greylisting', 'rcpt', '450 4.7.1 greylisted, please try again later'],
  ] as const)(
    'is sent again after %s, since no server can have accepted it',
    async (_what, moment, reply) => {
      atFirst(moment, reply);
      relay.script = ((script) => {
        let done = false;
        return (now, visit) => {
          if (done) return undefined;
          const response = script(now, visit);
          done ||= response !== undefined;
          return response;
        };
      })(relay.script);
      expect(await sender().send(mail)).toMatchObject({ messageId: mail.messageId, accepted: mail.to });
      expect(relay.handedOver).toHaveLength(1);
      expect(environment.records).toMatchObject([{ source: 'spec.smtp.send', healedBy: expect.any(String) }]);
    },
  );

  it.each([
    ['cut', 'cut'],
    ['silent', 'silence'],
  ] as const)(
    'is never sent twice: the connection is %s once the server has the whole message',
    async (_what, reply) => {
      atFirst('body', reply);
      const error = await failure(sender({ backupUrl: backup.url }).send(mail));
      expect(error.code).toBe('NOTIFICATIONS.UNCERTAIN');
      expect([relay.handedOver.length, backup.handedOver.length]).toEqual([1, 0]);
      expect([relay.moments.mail, backup.moments.greeting]).toEqual([1, 0]);
      expect(healingOf(error.cause)?.healedBy).toBeNull();
    },
  );

  it('is not sent again at once when the server refuses it after reading the whole message', async () => {
    atFirst('body', '451 4.3.0 local problem');
    const error = await failure(sender({ backupUrl: backup.url }).send(mail));
    expect(error.code).toBe('NOTIFICATIONS.DEFERRED');
    expect([relay.handedOver.length, backup.handedOver.length]).toEqual([1, 0]);
  });

  it('that may have arrived at the second attempt is reported as uncertain, whatever the first attempt met', async () => {
    relay.script = (moment, visit) => {
      if (visit === 1) return moment === 'greeting' ? 'cut' : undefined;
      return moment === 'body' ? 'cut' : undefined;
    };
    const error = await failure(sender({ backupUrl: backup.url }).send(mail));
    expect(error.code).toBe('NOTIFICATIONS.UNCERTAIN');
    expect([relay.handedOver.length, backup.handedOver.length]).toEqual([1, 0]);
  });

  it('is cut off when its time is over, and its error includes the attempt that still runs', async () => {
    // Silent for 5 s at the first attempt; the second is so slow that it would hand over the mail after 11 s.
    const slow = { ehlo: { after: 2_000 }, mail: { after: 4_000 } } as const;
    relay.script = (moment, visit) => {
      if (moment !== 'ehlo' && moment !== 'mail') return undefined;
      return visit === 1 ? (moment === 'mail' ? 'silence' : undefined) : slow[moment];
    };
    backup.script = (moment, visit) => (moment === (visit === 1 ? 'mail' : 'body') ? 'silence' : undefined);
    const began = performance.now();
    const [early, late] = await Promise.all([
      failure(sender().send(mail)),
      failure(sender({ url: backup.url }).send(mail)),
    ]);
    expect(performance.now() - began).toBeLessThan(allowedMs(10_500));
    expect([early.code, late.code]).toEqual(['NOTIFICATIONS.DEFERRED', 'NOTIFICATIONS.UNCERTAIN']);
    await eventually(() => expect([relay.connections(), backup.connections()]).toEqual([0, 0]));
    expect([relay.moments.mail, relay.handedOver.length, backup.handedOver.length]).toEqual([2, 0, 1]);
  }, 15_000);

  it.each([
    ['550 5.1.1 no such user here', 'rcpt'],
    ['535 5.7.8 authentication failed', 'mail'],
  ] as const)('that is permanently refused (%s) is sent once', async (reply, moment) => {
    relay.script = (now) => (now === moment ? reply : undefined);
    const error = await failure(sender({ backupUrl: backup.url }).send(mail));
    expect(error).toMatchObject({ code: 'NOTIFICATIONS.REFUSED', retryable: false });
    expect([relay.moments[moment], backup.moments.greeting]).toEqual([1, 0]);
  });

  it('is sent by the backup relay while the first one hangs, once', async () => {
    relay.script = () => 'silence';
    const began = performance.now();
    await sender({ backupUrl: backup.url }).send(mail);
    expect(performance.now() - began).toBeLessThan(allowedMs(10_000));
    expect([relay.handedOver.length, backup.handedOver.length]).toEqual([0, 1]);
    expect(environment.records[0]).toMatchObject({ healedBy: 'SWITCH_API_ENDPOINT' });
  }, 15_000);

  it('is sent by the backup relay when the first one is gone, by the second call at the latest', async () => {
    await relay.stop();
    const one = sender({ backupUrl: backup.url });
    await one.send(mail).catch(() => one.send(mail));
    expect(backup.handedOver).toHaveLength(1);
    expect(backup.handedOver[0]).toContain(mail.messageId);
    await one.send({ ...mail, messageId: '<two@portal.example>' });
    expect(backup.handedOver).toHaveLength(2);
    await relay.restart();
    environment.breakers.dependencyHealthy('smtp');
    await one.send({ ...mail, messageId: '<three@portal.example>' });
    expect([relay.handedOver.length, backup.handedOver.length]).toEqual([1, 2]);
  });

  it('is deferred without an attempt while the only relay is known to be dead, and sent once it is back', async () => {
    await relay.stop();
    const one = sender();
    expect((await failure(one.send(mail))).code).toBe('NOTIFICATIONS.DEFERRED');
    const refused = await failure(one.send(mail));
    expect(refused.code).toBe('NOTIFICATIONS.DEFERRED');
    expect(refused.retryAfterMs).toBeLessThanOrEqual(1000);
    await relay.restart();
    environment.breakers.dependencyHealthy('smtp');
    await one.send(mail);
    expect(relay.handedOver).toHaveLength(1);
    expect(environment.breakers.get('smtp')?.state).toBe('closed');
  });
});
