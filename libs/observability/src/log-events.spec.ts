import { describe, expect, it } from '@jest/globals';
import { LOG_EVENT_AREAS, LOG_EVENTS } from './log-events.ts';

const rows = Object.values(LOG_EVENT_AREAS).flatMap((area) => Object.entries(area));

describe('the table of log events', () => {
  it('has each code once', () => {
    const codes = rows.map(([code]) => code);
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
    expect(Object.keys(LOG_EVENTS).sort()).toEqual(codes.sort());
  });

  it.each(rows)('%s is a noun and what happened, one sentence, and an action or none', (code, row) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/);
    expect(row.meaning).toMatch(/^[A-Z](?:(?!\. ).)*\.$/);
    expect(row.action).toMatch(/^(none|[A-Z].*\.)$/);
  });
});
