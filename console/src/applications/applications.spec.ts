import { APPLICATION_KINDS, createApplication, MAX_REDIRECT_URIS } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { KEY_SCOPES } from '../session/may-do.ts';
import { createApplicationSchema, inputOf, type NewApplication } from './application-schema.ts';
import { KIND_WORDS } from './application-state.ts';

const WEB = {
  ...{ name: 'Helpdesk', kind: 'web', scopes: ['tickets:read'] },
  redirect_uris: 'https://app.example.com/callback',
} as const;

describe('the form of an application', () => {
  const agree = (change: object) => {
    const values = { ...WEB, ...change } as unknown as NewApplication;
    const fits = createApplicationSchema.safeParse(values).success;
    expect([change, fits]).toEqual([change, createApplication.input.safeParse(inputOf(values)).success]);
    return fits;
  };

  it('accepts what the contract accepts, and nothing else', () => {
    expect(agree({})).toBe(true);
    for (const name of ['First', 'x'.repeat(120), '', '   ', 'x'.repeat(121)]) agree({ name });
    expect(agree({ scopes: [] })).toBe(false);
    expect(agree({ redirect_uris: '' })).toBe(false);
    expect(agree({ kind: 'service', redirect_uris: '' })).toBe(true);
    expect(agree({ kind: 'service', scopes: KEY_SCOPES })).toBe(true);
    const uris = (count: number) =>
      Array.from({ length: count }, (_, index) => `https://app.example.com/${index}`).join('\n');
    expect(agree({ redirect_uris: uris(MAX_REDIRECT_URIS) })).toBe(true);
    expect(agree({ redirect_uris: uris(MAX_REDIRECT_URIS + 1) })).toBe(false);
  });

  it('forgets the addresses of another kind, and reads one a line', () => {
    expect(inputOf({ ...WEB, kind: 'service', scopes: ['tickets:read'] }).redirect_uris).toEqual([]);
    const kind = 'web' as const;
    const two = { ...WEB, kind, redirect_uris: ' https://a.example/x\n\nhttps://b.example/y\n', scopes: [] };
    expect(inputOf(two).redirect_uris).toEqual(['https://a.example/x', 'https://b.example/y']);
  });

  it('has words for every kind', () => {
    expect(Object.keys(KIND_WORDS).sort()).toEqual([...APPLICATION_KINDS].sort());
  });
});
