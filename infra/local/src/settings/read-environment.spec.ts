import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment } from './read-environment.ts';

describe('readEnvironment', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'environment-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is the clone’s .local by default', () => {
    expect(readEnvironment(root, {})).toMatchObject({
      layout: { local: join(root, '.local') },
      settings: { adminEmail: 'admin@example.com', adminPassword: undefined },
    });
  });

  it('reads .env, and variables that are set already have priority', () => {
    const lines = [
      'LOCAL_DIR=data',
      'AUTH_ADMIN_EMAIL=a@b.example',
      'AUTH_ADMIN_PASSWORD=one',
      'LOG_LEVEL=warn',
    ];
    writeFileSync(join(root, '.env'), `${lines.join('\n')}\n`);
    const env: NodeJS.ProcessEnv = { AUTH_ADMIN_PASSWORD: 'two' };
    const { layout, settings } = readEnvironment(root, env);
    expect(layout.state).toBe(join(root, 'data', 'state.json'));
    expect(settings).toMatchObject({ adminEmail: 'a@b.example', adminPassword: 'two' });
    expect(env.LOG_LEVEL).toBe('warn');
  });
});
