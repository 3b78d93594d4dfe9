import type { Principal } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { type Caller, PublicRoute } from '../routing/route-declaration.ts';
import { authorizeCall } from './authorize-call.ts';
import { readBearer } from './read-bearer.ts';

const principal = (kind: Principal['kind'], role: Principal['role']): Principal => ({
  kind,
  role,
  id: 'x',
  partner_id: null,
  user_id: null,
  mode: null,
});
const routeFor = (...callers: Caller[]) =>
  new PublicRoute({ method: 'GET', path: '/x', callers, status: 200 });

describe('who may call', () => {
  it.each<[Caller[], Principal['kind'], Principal['role'], boolean]>([
    [['session'], 'session', 'owner', true],
    [['session'], 'session', 'member', true],
    [['session'], 'session', 'admin', false],
    [['session'], 'api_key', 'none', false],
    [['session', 'api_key'], 'api_key', 'none', true],
    [['admin'], 'session', 'admin', true],
    [['admin'], 'session', 'owner', false],
    [['admin'], 'api_key', 'admin', false],
    [['session', 'api_key', 'admin'], 'system', 'admin', false],
    [['session', 'api_key', 'admin'], 'anonymous', 'none', false],
  ])('%j is %s with role %s: %s', (callers, kind, role, allowed) => {
    const call = () => authorizeCall(routeFor(...callers), principal(kind, role));
    if (allowed) expect(call).not.toThrow();
    else expect(call).toThrow(expect.objectContaining({ code: 'PLATFORM.FORBIDDEN' }));
  });
});

describe('the bearer credential', () => {
  it.each([
    ['Bearer pp_live_x', 'pp_live_x'],
    ['bearer pp_live_x', 'pp_live_x'],
    ['Bearer  pp_live_x ', 'pp_live_x'],
    ['Basic pp_live_x', null],
    ['Bearer ', null],
    ['Bearer', null],
    ['', null],
    [undefined, null],
    [`Bearer ${'x'.repeat(5000)}`, null],
  ])('of %j is %j', (header, credential) => expect(readBearer(header)).toBe(credential));
});
