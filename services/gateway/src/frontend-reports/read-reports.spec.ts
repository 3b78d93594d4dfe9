import { newApiKey } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { readReports } from './read-reports.ts';

describe('readReports', () => {
  it('reads what the console sends, redacted and cut', () => {
    const key = newApiKey('live');
    const batch = readReports({
      build: 'b1',
      reports: [
        { kind: 'error', message: `boom ${key}`, stack: 'at x', path: '/keys', extra: 1 },
        { kind: 'vital', name: 'LCP', value: 812, rating: 'good', path: '/' },
        { kind: 'error', message: 'x'.repeat(5000), path: '/' },
      ],
    });
    expect(batch?.build).toBe('b1');
    expect(batch?.reports[0]).toEqual({
      kind: 'error',
      message: expect.not.stringContaining(key) as unknown,
      path: '/keys',
      name: '',
      rating: '',
    });
    expect(batch?.reports[1]).toMatchObject({ kind: 'vital', name: 'LCP', rating: 'good' });
    expect(batch?.reports[2]?.message).toHaveLength(500);
  });

  it('reads the policy reports that browsers send by themselves', () => {
    const url = 'https://portal.example/support/tic_0UQ3kZ1aB7dEfGhIjKlMnO?next=/secret';
    const violation = { effectiveDirective: 'script-src-elem', blockedURL: 'https://evil.example/x.js' };
    const expected = {
      build: '',
      reports: [
        {
          kind: 'policy',
          name: 'script-src-elem',
          message: 'https://evil.example/x.js',
          path: '/support/:id',
          rating: '',
        },
      ],
    };
    expect(readReports([{ type: 'csp-violation', url, body: violation }])).toEqual(expected);
    expect(
      readReports({
        'csp-report': {
          'document-uri': url,
          'violated-directive': 'script-src-elem',
          'blocked-uri': 'https://evil.example/x.js',
        },
      }),
    ).toEqual(expected);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { build: 'b1' },
    { build: 'b1', reports: [] },
    { build: 'b1', reports: Array.from({ length: 11 }, () => ({ kind: 'error' })) },
    { build: 'b1', reports: [{ kind: 'something else' }] },
    { 'csp-report': 'text' },
  ])('reads nothing else: %j', (body) => expect(readReports(body)).toBeNull());
});
