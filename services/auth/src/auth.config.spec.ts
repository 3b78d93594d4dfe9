import { describe, expect, it } from '@jest/globals';
import { authConfig } from './auth.config.ts';

const environment = {
  NATS_URL: 'nats://127.0.0.1:4222',
  DATABASE_URL: 'postgres://auth:auth@127.0.0.1:5432/portal',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SIGNING_PUBLIC_KEY: 'A'.repeat(43),
};
const wrong = (more: Record<string, string>) =>
  authConfig.safeParse({ ...environment, ...more }).error?.issues.map((issue) => issue.path[0]);

describe('the configuration of auth', () => {
  it('needs no admin', () => {
    expect(authConfig.parse(environment)).toMatchObject(environment);
  });

  it('accepts an admin only with both address and password', () => {
    const admin = { AUTH_ADMIN_EMAIL: 'Admin@Example.com', AUTH_ADMIN_PASSWORD: 'correct horse' };
    expect(authConfig.parse({ ...environment, ...admin }).AUTH_ADMIN_EMAIL).toBe('admin@example.com');
    expect(wrong({ AUTH_ADMIN_EMAIL: admin.AUTH_ADMIN_EMAIL })).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(wrong({ AUTH_ADMIN_PASSWORD: admin.AUTH_ADMIN_PASSWORD })).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(wrong({ ...admin, AUTH_ADMIN_PASSWORD: 'short' })).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(wrong({ ...admin, AUTH_ADMIN_EMAIL: 'nobody' })).toEqual(['AUTH_ADMIN_EMAIL']);
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'NATS_URL', 'SIGNING_PUBLIC_KEY'])(
    'does not start without %s',
    (name) => {
      const { [name]: _, ...rest } = environment as Record<string, string>;
      expect(authConfig.safeParse(rest).error?.issues.map((issue) => issue.path[0])).toEqual([name]);
    },
  );
});
