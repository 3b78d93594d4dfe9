import { AUDIT_ACTIONS } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { ACTION_WORDS, actorWords, changesOf, PARTNER_ACTION_WORDS } from './words.ts';

describe('the words of the audit log', () => {
  it('exist for every action', () => {
    expect(Object.keys(ACTION_WORDS).sort()).toEqual([...AUDIT_ACTIONS].sort());
    expect(Object.keys(PARTNER_ACTION_WORDS)).toContain('api_key.created');
    expect(Object.keys(PARTNER_ACTION_WORDS)).not.toContain('pool.set');
  });

  it('name the actor, also one that is not known', () => {
    const actor = { kind: 'person', id: 'usr_1', role: 'owner', impersonator: null } as const;
    expect(actorWords(actor)).toBe('usr_1');
    expect(actorWords({ ...actor, kind: 'anonymous', id: null })).toBe('unknown person');
  });

  it('set each member before beside itself after', () => {
    expect(changesOf({ before: { name: 'a', n: 1 }, after: { name: 'b', list: [1] } })).toEqual([
      { member: 'name', before: 'a', after: 'b' },
      { member: 'n', before: '1', after: null },
      { member: 'list', before: null, after: '[1]' },
    ]);
    expect(changesOf({ before: null, after: null })).toEqual([]);
  });
});
