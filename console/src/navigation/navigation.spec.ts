/** @jest-environment jsdom */
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { PAGES } from '../pages.ts';
import { commandsFor } from '../shell/commands.ts';
import { matchPage } from './page-match.ts';
import { parseSearch, readSearch, stringifySearch } from './page-search.ts';

describe('pages', () => {
  it('have one address each, in the form that the gateway accepts', () => {
    const paths = PAGES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^(\/(:[a-z_]+|[a-z0-9.-]+))+$/);
  });
  it('are found by their address, whole addresses before parameters', () => {
    for (const page of PAGES) {
      const match = matchPage(page.path.replace(/:(\w+)/g, 'some_$1'));
      expect(match?.page.path).toBe(page.path);
      for (const [, name] of page.path.matchAll(/:(\w+)/g)) expect(match?.params[name!]).toBe(`some_${name}`);
    }
    expect(matchPage('/nowhere')).toBeNull();
  });
});

describe('the search of an address', () => {
  const schema = z.object({ status: z.optional(z.enum(['open', 'closed'])), after: z.optional(z.string()) });
  it('keeps valid members and drops others', () => {
    expect(readSearch(schema, { status: 'broken', after: 'tic_1' })).toEqual({ after: 'tic_1' });
  });
  it('is read and written as plain text', () => {
    expect(parseSearch(stringifySearch({ status: 'open', from: '2026-11-01', empty: undefined }))).toEqual({
      status: 'open',
      from: '2026-11-01',
    });
  });
});

describe('commands', () => {
  it('find a page by the beginning of a word', () => {
    expect(commandsFor('acc', PAGES)[0]).toMatchObject({ title: 'Account', to: '/settings' });
  });
  it('list no page that needs parameters', () => {
    expect(commandsFor('', PAGES).every(({ to }) => !to.includes(':'))).toBe(true);
  });
  it('find a component by its name', () => {
    expect(commandsFor('server:redis', PAGES)[0]).toMatchObject({
      title: 'Component server:redis',
      to: '/admin/healing/health/server%3Aredis',
    });
  });
  it('find nothing for nonsense', () => expect(commandsFor('qqqq', PAGES)).toEqual([]));
});
