import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';
import { runInContext } from './call-context.ts';
import { LOG_EVENTS, type LogEvent } from './log-events.ts';
import { createLogger, type LogFields, type Logger } from './logger.ts';

function capture(): { logger: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  const logger = createLogger({ service: 'billing', instance: 'billing-2', level: 'debug', destination });
  const lines = () =>
    written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, text: () => written };
}

const context = {
  requestId: 'req_1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  deadlineAt: undefined,
  principal: undefined,
};

describe('createLogger', () => {
  it('writes one JSON object per line, with time, service, event code, and the level and sentence of the table', () => {
    const { logger, lines } = capture();
    logger.log('admin.configured', { outcome: 'made' });
    logger.log('redis.unresponsive');
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'billing',
        instance: 'billing-2',
        event: 'admin.configured',
        outcome: 'made',
        message: LOG_EVENTS['admin.configured'].meaning,
      },
      {
        level: 'warn',
        time: expect.any(String),
        service: 'billing',
        instance: 'billing-2',
        event: 'redis.unresponsive',
        message: LOG_EVENTS['redis.unresponsive'].meaning,
      },
    ]);
  });

  it('writes every code with its own level, and none below the level of the logger', () => {
    let written = '';
    const destination = {
      write(line: string) {
        written += line;
      },
    };
    const codes = Object.keys(LOG_EVENTS) as LogEvent[];
    const everything = createLogger({ service: 's', instance: 's', level: 'trace', destination });
    for (const code of codes) everything.log(code);
    const seen = written.trim().split('\n');
    expect(seen.map((line) => [JSON.parse(line).event, JSON.parse(line).level])).toEqual(
      codes.map((code) => [code, LOG_EVENTS[code].level]),
    );
    written = '';
    const errors = createLogger({ service: 's', instance: 's', level: 'error', destination });
    for (const code of codes) errors.log(code);
    const levels = new Set(
      written
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level),
    );
    expect(levels).toEqual(new Set(['error', 'fatal']));
  });

  it('takes no code that is not in the table, and no field that every line has', () => {
    const { logger } = capture();
    const misuses = () => {
      // @ts-expect-error a misspelt code
      logger.log('admin.configurd');
      // @ts-expect-error the code is given once
      logger.log('admin.configured', { event: 'other' });
      // @ts-expect-error the level is in the table
      logger.log('admin.configured', { level: 'warn' });
      // @ts-expect-error the sentence is in the table
      logger.log('admin.configured', { message: 'another sentence' });
      // @ts-expect-error an error goes under `error`
      logger.log('admin.configured', new Error('bare'));
      // @ts-expect-error there is no second way
      logger.info({}, 'free text');
    };
    expect(misuses).toBeInstanceOf(Function);
  });

  it('carries the request and the trace of the call, also after an await', async () => {
    const { logger, lines } = capture();
    await runInContext(context, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      logger.log('service.started');
    });
    logger.log('service.stopped');
    expect(lines()[0]).toMatchObject({ request_id: 'req_1', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
    expect(lines()[1]).not.toHaveProperty('request_id');
  });

  it('shows errors with their causes', () => {
    const { logger, lines } = capture();
    logger.log('nest.error', { error: new Error('charge failed', { cause: new Error('connection reset') }) });
    logger.log('nest.error', { err: new TypeError('b') });
    expect(lines()[0]).toMatchObject({
      error: { message: 'charge failed', cause: { message: 'connection reset' } },
    });
    expect(lines()[1]).toMatchObject({ err: { type: 'TypeError', message: 'b' } });
  });

  it.each<[string, unknown]>([
    ['password', { password: 'hunter2hunter2' }],
    ['deep password', { a: { b: [{ c: { user_password: 'hunter2hunter2' } }] } }],
    ['quoted password', { password: 'a"hunter2hunter2\\"' }],
    ['authorization header', { headers: { authorization: 'Digest hunter2hunter2' } }],
    ['cookie list', { deep: { headers: { 'set-cookie': ['a=hunter2hunter2'] } } }],
    ['secret object', { credentials: { user: 'x', pin: 'hunter2hunter2' } }],
    ['deep secret object', { a: [{ db_credentials: { user: 'x}', pin: 'hunter2hunter2' } }] }],
    ['key', { key: 'hunter2hunter2' }],
    ['API key', { note: 'used pp_live_hunter2hunter2' }],
    ['session token', { note: 'got ses_hunter2hunter2hunter2hunter2hunter2' }],
    ['bearer', { error: new Error('refused Bearer hunter2hunter2.x') }],
    ['connection string', { error: new Error('connect postgres://billing:hunter2hunter2@db:5432/portal') }],
    ['cause', { error: new Error('x', { cause: new Error('nats://u:hunter2hunter2@h') }) }],
    ['query', { url: '/login?password=hunter2hunter2&x=1' }],
    ['JSON Web Token', { note: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIy.hunter2hunter2' }],
  ])('hides a secret: %s', (_what, fields) => {
    const { logger, lines, text } = capture();
    logger.log('nest.warning', fields as LogFields);
    expect(text()).not.toContain('hunter2hunter2');
    expect(text()).toContain('[redacted]');
    expect(lines()).toHaveLength(1); // still JSON
  });

  it('hides secrets in a text of other code', () => {
    const { logger, text } = capture();
    logger.log('nest.warning', { detail: 'user sent Bearer hunter2hunter2' });
    expect(text()).toContain('user sent');
    expect(text()).not.toContain('hunter2hunter2');
  });

  it('keeps text that is no secret', () => {
    const { logger, lines } = capture();
    const fields = {
      idempotency_key: 'order-1',
      api_key_id: 'key_0UQ3kZ1aB7dEfGhIjKlMnO',
      session_id: 'ses_0UQ3kZ1aB7dEfGhIjKlMnO',
      url: 'http://127.0.0.1:8080/v1/plans',
      monkey: 'see',
    };
    logger.log('service.started', fields);
    expect(lines()[0]).toMatchObject(fields);
  });

  it('writes an error that is frozen, and one whose members throw', () => {
    const { logger, lines } = capture();
    const frozen = Object.freeze(
      Object.assign(new Error('frozen', { cause: Object.freeze(new Error('below')) }), { code: 'X' }),
    );
    const hostile = new Error('hostile');
    Object.defineProperty(hostile, 'detail', {
      enumerable: true,
      get: () => {
        throw new Error('not to be read');
      },
    });
    logger.log('nest.error', { error: frozen });
    logger.log('nest.error', { error: hostile });
    expect(lines()).toMatchObject([
      { error: { type: 'Error', message: 'frozen', code: 'X', cause: { message: 'below' } } },
      { error: { type: 'Error', message: 'hostile' } },
    ]);
  });

  it('stays linear on hostile text', () => {
    const { logger } = capture();
    const started = performance.now();
    for (const part of [
      '"',
      'a',
      '://',
      'ses_',
      'eyJ',
      'Bearer ',
      '"password":"\\',
      '"token":{',
      '"token":{"a":1,',
      '"token":["a",',
    ])
      logger.log('service.started', { part: part.repeat(100_000 / part.length) });
    expect(performance.now() - started).toBeLessThan(allowedMs(1000));
  });
});
