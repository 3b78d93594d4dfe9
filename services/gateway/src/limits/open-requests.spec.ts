import { describe, expect, it } from '@jest/globals';
import { OpenRequests } from './open-requests.ts';

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code: unknown }).code;
  }
};

describe('open requests', () => {
  it('are bounded for each caller apart', () => {
    const open = new OpenRequests({ perCaller: 2, working: 10 });
    const first = open.open('a');
    open.open('a');
    expect(codeOf(() => open.open('a'))).toBe('GATEWAY.TOO_MANY_OPEN_REQUESTS');
    expect(codeOf(() => open.open('b'))).toBeNull();
    first.end();
    expect(codeOf(() => open.open('a'))).toBeNull();
  });

  it('count for the credential once it is known, and no longer for the address', () => {
    const open = new OpenRequests({ perCaller: 1, working: 10 });
    const request = open.open('address');
    request.moveTo('credential');
    expect(codeOf(() => open.open('address'))).toBeNull();
    expect(codeOf(() => open.open('credential'))).toBe('GATEWAY.TOO_MANY_OPEN_REQUESTS');
  });

  it('stay counted for the address when the credential has too many', () => {
    const open = new OpenRequests({ perCaller: 1, working: 10 });
    open.open('credential');
    const request = open.open('address');
    expect(codeOf(() => request.moveTo('credential'))).toBe('GATEWAY.TOO_MANY_OPEN_REQUESTS');
    expect(codeOf(() => open.open('address'))).toBe('GATEWAY.TOO_MANY_OPEN_REQUESTS');
    request.end();
    expect(codeOf(() => open.open('address'))).toBeNull();
  });

  it('do not count for the common bound before work on them begins', () => {
    let full = 0;
    const open = new OpenRequests({ perCaller: 10, working: 1 }, () => {
      full += 1;
    });
    const [first, second] = [open.open('a'), open.open('a')];
    open.checkRoom();
    first.beginWork();
    first.beginWork();
    expect(open.working).toBe(1);
    expect(codeOf(() => second.beginWork())).toBe('GATEWAY.OVERLOADED');
    expect(codeOf(() => open.checkRoom())).toBe('GATEWAY.OVERLOADED');
    expect(full).toBe(2);
    first.end();
    expect(codeOf(() => second.beginWork())).toBeNull();
  });

  it('leave room for others while their response goes on by itself', () => {
    const open = new OpenRequests({ perCaller: 1, working: 1 });
    const stream = open.open('a');
    stream.beginWork();
    stream.endWork();
    open.open('b').beginWork();
    expect(codeOf(() => open.open('a'))).toBe('GATEWAY.TOO_MANY_OPEN_REQUESTS');
    stream.end();
    expect(open.working).toBe(1);
  });

  it('leave nothing counted, even by calls after their end', () => {
    const open = new OpenRequests({ perCaller: 1, working: 1 });
    const request = open.open('a');
    request.beginWork();
    request.end();
    request.end();
    request.moveTo('b');
    request.beginWork();
    expect([open.working, open.callers]).toEqual([0, 0]);
  });
});
