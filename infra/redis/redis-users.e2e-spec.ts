import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortAllocator } from '../local/src/settings/free-port.ts';
import { converse, openSocket } from '../local/src/supervise/probes.ts';
import { needsRedis, REDIS_SERVICES, type RedisService, redisUserLine } from './redis-users.ts';

const script = join(import.meta.dirname, 'start.sh');
let folder: string;
let port: number;
let server: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redis-users-'));
  port = await new PortAllocator().take();
  const passwords = Object.fromEntries(
    REDIS_SERVICES.map((service) => [`REDIS_PASSWORD_${service.toUpperCase()}`, `${service}-pw`]),
  );
  // As the container runs it, but with a port and a folder of the test's own.
  const text = readFileSync(script, 'utf8').replace('appendonly yes', `port ${port}\ndir ${folder}`);
  const env = { PATH: process.env.PATH ?? '', REDIS_PASSWORD: 'admin', ...passwords };
  server = endWithTest(spawn('sh', ['-c', text], { env, stdio: 'ignore' }));
  await eventually(async () => expect(await say('default', 'admin', 'PING')).toBe('+PONG'));
});
afterAll(async () => {
  server.kill('SIGKILL');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

/** The reply to one command, after the log-in. */
async function say(user: string, password: string, command: string): Promise<string> {
  const all = await converse(
    () => openSocket({ host: '127.0.0.1', port }),
    `AUTH ${user} ${password}\r\n${command}\r\n`,
    /^(-|\+OK\r\n[\s\S]*\r\n)/,
    AbortSignal.timeout(2_000),
  );
  return all.replace(/^\+OK\r\n/, '').split('\r\n')[0] ?? '';
}
const as = (service: RedisService, command: string) => say(service, `${service}-pw`, command);

describe('the users of Redis', () => {
  it.each([
    // A lease: reads the holders of a count, deletes one, writes one, and gives the count an end.
    [
      'gateway',
      `EVAL "redis.call('hgetall', KEYS[1]) redis.call('hdel', KEYS[1], 'b') redis.call('hset', KEYS[1], 'a', '[]') return redis.call('pexpire', KEYS[1], 9000)" 1 limit:x`,
      ':1',
    ],
    ['gateway', 'ZADD limit:gateways 1 gateway', ':1'],
    ['gateway', 'ZREMRANGEBYSCORE limit:gateways -inf 0', ':0'],
    ['gateway', 'ZCARD limit:gateways', ':1'],
    ['gateway', 'PEXPIRE limit:gateways 9000', ':1'],
    ['gateway', 'GET limit:entitlements:x', '$-1'],
    ['gateway', 'SET limit:check 1 EX 60', '+OK'],
    // A corrupt count is deleted.
    ['gateway', 'DEL limit:check', ':1'],
    ['auth', `EVAL "return redis.call('incrby', KEYS[1], 1)" 1 auth:login:x`, ':1'],
    [
      'auth',
      `EVAL "redis.call('set', KEYS[1], 0, 'EX', 9, 'NX') return redis.call('pttl', KEYS[1]) > 0" 1 auth:z`,
      ':1',
    ],
    ['auth', 'DEL auth:login:x', ':1'],
    ['monitor', 'PING', '+PONG'],
    ['healer', 'PING', '+PONG'],
  ] as const)('%s may %s', async (service, command, expected) => {
    expect(await as(service, command)).toBe(expected);
  });

  it('monitor may read the run id of Redis', async () => {
    expect(await as('monitor', 'INFO server')).toMatch(/^\$\d+/);
  });

  it.each([
    ['gateway', 'DEL auth:login:x'],
    ['gateway', 'GET auth:login:x'],
    ['gateway', 'INCRBY limit:x 1'],
    ['gateway', `EVAL "return redis.call('get', KEYS[1])" 1 auth:login:x`],
    ['auth', `EVAL "return redis.call('incrby', KEYS[1], 1)" 1 limit:x`],
    ['auth', `EVAL "return redis.call('flushall')" 0`],
    ['auth', 'FLUSHALL'],
    ['auth', 'KEYS *'],
    ['auth', 'CONFIG GET requirepass'],
    ['monitor', 'GET limit:x'],
    ['healer', 'SET auth:x 1'],
    ['healer', 'ACL WHOAMI'],
  ] as const)('%s may not %s', async (service, command) => {
    expect(await as(service, command)).toMatch(/^-(NOPERM|ERR.*(ACL failure|can't run this command))/);
  });

  it('are those of the table in the container, too, and none for services that do not use Redis', () => {
    const lines = readFileSync(script, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('user '));
    const wanted = REDIS_SERVICES.map((service) =>
      redisUserLine(service, `$REDIS_PASSWORD_${service.toUpperCase()}`),
    );
    expect(lines).toEqual(wanted);
    expect(needsRedis('billing') || needsRedis('support')).toBe(false);
  });
});
