import { describe, expect, it } from '@jest/globals';
import { applyPatch, type PatchOperation } from './apply-patch.ts';

const USER = {
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  active: true,
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
};
const GROUP = { displayName: 'Wind', members: [{ value: 'a' }, { value: 'b' }] };
const patched = (resource: Record<string, unknown>, ...operations: PatchOperation[]) =>
  applyPatch(resource, operations);

describe('applyPatch', () => {
  it('changes a copy', () => {
    const before = structuredClone(USER);
    expect(patched(USER, { op: 'replace', path: 'name.givenName', value: 'A' }).name).toEqual({
      givenName: 'A',
      familyName: 'Lovelace',
    });
    expect(USER).toEqual(before);
  });

  it.each<[string, PatchOperation, Record<string, unknown>]>([
    ['Okta: no path', { op: 'replace', value: { active: false } }, { active: false }],
    ['Entra: capitals', { op: 'Replace', path: 'active', value: 'False' }, { active: 'False' }],
    ['names without case', { op: 'add', path: 'ACTIVE', value: false }, { active: false }],
    [
      'a path in a value',
      { op: 'Add', value: { 'name.givenName': 'A' } },
      { name: { givenName: 'A', familyName: 'Lovelace' } },
    ],
    [
      'the URN of the schema',
      { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:name.givenName', value: 'A' },
      { name: { givenName: 'A', familyName: 'Lovelace' } },
    ],
    [
      'a complex attribute is merged',
      { op: 'replace', path: 'name', value: { givenName: 'A' } },
      { name: { givenName: 'A', familyName: 'Lovelace' } },
    ],
    [
      'an element by a filter',
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'l@example.com' },
      { emails: [{ value: 'l@example.com', type: 'work', primary: true }] },
    ],
    [
      'an element that is not there yet',
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'l@example.com' },
      { emails: [...USER.emails, { type: 'home', value: 'l@example.com' }] },
    ],
    ['a removal', { op: 'remove', path: 'name.familyName' }, { name: { givenName: 'Ada' } }],
  ])('takes %s', (_, operation, expected) =>
    expect(patched(USER, operation)).toEqual({ ...USER, ...expected }),
  );

  it('leaves extensions out', () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    expect(
      patched(
        USER,
        { op: 'add', path: `${urn}:department`, value: 'Wind' },
        { op: 'add', value: { [urn]: { department: 'Wind' }, schemas: [urn], id: 'x' } },
      ),
    ).toEqual(USER);
  });

  it.each<[string, PatchOperation, string[]]>([
    [
      'adds each once',
      { op: 'add', path: 'members', value: [{ value: 'b' }, { value: 'c' }] },
      ['a', 'b', 'c'],
    ],
    ['adds one', { op: 'add', path: 'members', value: { value: 'c' } }, ['a', 'b', 'c']],
    ['replaces all', { op: 'replace', path: 'members', value: [{ value: 'c' }] }, ['c']],
    ['removes by a filter', { op: 'remove', path: 'members[value eq "a"]' }, ['b']],
    ['removes by values', { op: 'Remove', path: 'members', value: [{ value: 'a' }] }, ['b']],
  ])('%s of a group', (_, operation, members) =>
    expect((patched(GROUP, operation).members as { value: string }[]).map(({ value }) => value)).toEqual(
      members,
    ),
  );

  it('removes all members', () =>
    expect(patched(GROUP, { op: 'remove', path: 'members' })).toEqual({ displayName: 'Wind' }));

  it.each<[string, PatchOperation]>([
    ['invalidSyntax', { op: 'move', path: 'x' }],
    ['noTarget', { op: 'remove' }],
    ['noTarget', { op: 'replace', path: 'members[value co "x"]', value: {} }],
    ['invalidValue', { op: 'add', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'a.b.c', value: 1 }],
    ['invalidPath', { op: 'add', path: '__proto__.polluted', value: 1 }],
    ['invalidPath', { op: 'add', path: 'members.value', value: 'x' }],
    ['invalidFilter', { op: 'add', path: 'members[value]', value: 'x' }],
  ])('refuses with %s', (scim_type, operation) => {
    expect(() => patched(GROUP, operation)).toThrow(expect.objectContaining({ details: { scim_type } }));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
