import { describe, expect, it } from '@jest/globals';
import { authConfig } from './auth.config.ts';

const environment = {
  NATS_URL: 'nats://127.0.0.1:4222',
  DATABASE_URL: 'postgres://auth:auth@127.0.0.1:5432/portal',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SIGNING_PUBLIC_KEY: 'A'.repeat(43),
  AUTH_SECRET_KEYS: 'ab'.repeat(32),
};
const wrong = (more: Record<string, string>) =>
  authConfig.safeParse({ ...environment, ...more }).error?.issues.map((issue) => issue.path[0]);

describe('the configuration of auth', () => {
  it('needs no admin', () => {
    const { AUTH_SECRET_KEYS: _keys, ...texts } = environment;
    expect(authConfig.parse(environment)).toMatchObject(texts);
  });

  it('accepts an admin only with both address and password', () => {
    const admin = { AUTH_ADMIN_EMAIL: 'Admin@Example.com', AUTH_ADMIN_PASSWORD: 'correct horse' };
    expect(authConfig.parse({ ...environment, ...admin }).AUTH_ADMIN_EMAIL).toBe('admin@example.com');
    expect(wrong({ AUTH_ADMIN_EMAIL: admin.AUTH_ADMIN_EMAIL })).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(wrong({ AUTH_ADMIN_PASSWORD: admin.AUTH_ADMIN_PASSWORD })).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(wrong({ ...admin, AUTH_ADMIN_PASSWORD: 'short' })).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(wrong({ ...admin, AUTH_ADMIN_EMAIL: 'nobody' })).toEqual(['AUTH_ADMIN_EMAIL']);
  });

  it('reads keys of 32 bytes, the current one first, and shows no wrong one', () => {
    const keys = authConfig.parse({
      ...environment,
      AUTH_SECRET_KEYS: `${'01'.repeat(32)}, ${'02'.repeat(32)}`,
    });
    expect(keys.AUTH_SECRET_KEYS).toEqual([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]);
    for (const list of ['', 'ab'.repeat(31), `${'ab'.repeat(32)},`, 'secret'.repeat(11)]) {
      const { error } = authConfig.safeParse({ ...environment, AUTH_SECRET_KEYS: list });
      expect(error?.issues.length).toBeGreaterThan(0);
      if (list !== '') expect(JSON.stringify(error?.issues)).not.toContain(list.slice(0, 60));
    }
  });

  it('takes origins, not addresses', () => {
    const origins = 'https://portal.example.com,http://localhost:8080';
    expect(authConfig.parse({ ...environment, AUTH_PUBLIC_ORIGINS: origins }).AUTH_PUBLIC_ORIGINS).toEqual(
      origins.split(','),
    );
    for (const list of ['portal.example.com', 'https://portal.example.com/', 'ftp://portal.example.com', ''])
      expect(wrong({ AUTH_PUBLIC_ORIGINS: list })).toEqual(['AUTH_PUBLIC_ORIGINS']);
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'NATS_URL', 'SIGNING_PUBLIC_KEY', 'AUTH_SECRET_KEYS'])(
    'does not start without %s',
    (name) => {
      const { [name]: _, ...rest } = environment as Record<string, string>;
      expect(authConfig.safeParse(rest).error?.issues.map((issue) => issue.path[0])).toEqual([name]);
    },
  );
});
