/** @jest-environment jsdom */
import { describe, expect, it } from '@jest/globals';
import { keysChangedBy } from '../live/live-queries.ts';
import { mayReload } from './recover-chunks.ts';
import { pathOf } from './reports.ts';

const allowed = { now: 100_000, lastReload: 0, isDirty: false, isOnline: true };

describe('a part that cannot be loaded', () => {
  it('reloads the page once a minute at most', () => {
    expect(mayReload(allowed)).toBe(true);
    expect(mayReload({ ...allowed, lastReload: 50_000 })).toBe(false);
  });
  it('never reloads the page over unsaved input', () =>
    expect(mayReload({ ...allowed, isDirty: true })).toBe(false));
  it('never reloads the page without a network: its data would be gone', () =>
    expect(mayReload({ ...allowed, isOnline: false })).toBe(false));
});

it('reports name the page and not its resource', () => {
  expect(pathOf('/support/tic_0T1a2b3c4d')).toBe('/support/:id');
  expect(pathOf('/keys')).toBe('/keys');
});

it('events outdate their own queries, and no other', () => {
  expect(keysChangedBy('incident.changed')).toContain('incidents');
  for (const type of ['incident.changed', 'health.sampled', 'pause.changed', 'verdict.changed'])
    expect(keysChangedBy(type)).toContain('overview');
  expect(keysChangedBy('breaker.changed')).toEqual(expect.arrayContaining(['breakers']));
  expect(keysChangedBy('unheard.of')).toEqual([]);
});
