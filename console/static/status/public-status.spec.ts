import { describe, expect, it } from '@jest/globals';
import { duration, readStatus, stateOf } from './public-status.ts';

describe('the public status', () => {
  it('is unknown, never good, when it has another shape', () => {
    for (const junk of [null, 7, 'pass', {}, { status: 'great', components: {} }, { components: [null] }]) {
      const status = readStatus(junk);
      expect(status.state).toBe('unknown');
      expect(status.healedAlone).toBeNull();
      for (const component of status.components) expect(component.state).toBe('unknown');
    }
  });

  it('reads incidents in the words of partners', () => {
    const since = '2026-11-01T00:00:00Z';
    const incident = { title: 'Usage is late', meaning: 'Figures are older.', status: 'healing', since };
    const { open, past } = readStatus({
      open_incidents: [{ ...incident, resolved_at: null }],
      past_incidents: [{ ...incident, status: 'resolved', resolved_at: '2026-11-01T00:00:04Z' }],
    });
    expect(open).toMatchObject([{ title: 'Usage is late', meaning: 'Figures are older.', state: 'warn' }]);
    expect(past).toMatchObject([{ state: 'pass', beganAt: since, resolvedAt: '2026-11-01T00:00:04Z' }]);
  });

  it('says of a day how much is known to have worked, and never rounds that up to all', () => {
    const words = (day: object) =>
      readStatus({ components: [{ name: 'api', days: [day] }] }).components[0]?.days[0]?.words;
    expect(words({ uptime: 1, no_data_seconds: 0 })).toBe('known to have worked 100 % of the time');
    expect(words({ uptime: 0.999999, no_data_seconds: 1 })).toBe('known to have worked 99.99 % of the time');
    expect(words({ uptime: 0.25, no_data_seconds: 64_800 })).toBe(
      'known to have worked 25.00 % of the time, nothing known of 18 h',
    );
    expect(words({ uptime: null, no_data_seconds: 86_400 })).toBe('');
  });

  it('maps all words of the API', () => {
    expect(stateOf('pass')).toBe('pass');
    expect(stateOf('degraded')).toBe('warn');
    expect(stateOf('fail')).toBe('fail');
    expect(stateOf(undefined)).toBe('unknown');
  });
});

describe('durations', () => {
  it.each([
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:44Z', '44 s'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:03:05Z', '3 min 5 s'],
    ['2026-11-01T00:00:00Z', '2026-11-01T02:10:00Z', '2 h 10 min'],
    ['2026-11-01T00:00:10Z', '2026-11-01T00:00:00Z', '0 s'],
  ])('from %s to %s', (from, to, text) => {
    expect(duration(from, to)).toBe(text);
  });
});
