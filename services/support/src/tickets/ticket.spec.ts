import { TICKET_STATUSES, type TicketStatus } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mayGo, refusal, TRANSITIONS } from './ticket.ts';

const status = fc.constantFrom(...TICKET_STATUSES);

describe('the states of a ticket', () => {
  it('allow exactly these transitions', () => {
    const allowed = TICKET_STATUSES.flatMap((from) =>
      TICKET_STATUSES.filter((to) => mayGo(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual([
      'open → in_progress',
      'open → waiting_on_partner',
      'open → resolved',
      'open → closed',
      'in_progress → waiting_on_partner',
      'in_progress → resolved',
      'in_progress → closed',
      'waiting_on_partner → in_progress',
      'waiting_on_partner → resolved',
      'waiting_on_partner → closed',
      'resolved → in_progress',
      'resolved → closed',
    ]);
  });

  it('never lead back to open, out of closed, or to the same status', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 50 }), (wishes) => {
        let now: TicketStatus = 'open';
        for (const wish of wishes) {
          const before: TicketStatus = now;
          if (mayGo(now, wish)) now = wish;
          if (before === 'closed') expect(now).toBe('closed');
          if (before !== 'open') expect(now).not.toBe('open');
          if (wish === before) expect(mayGo(before, wish)).toBe(false);
        }
      }),
    );
  });

  it('can all be closed in one transition', () => {
    fc.assert(
      fc.property(status, (from) => {
        expect(from === 'closed' || mayGo(from, 'closed')).toBe(true);
      }),
    );
  });

  it('explain a refusal by the present status and the permitted ones', () => {
    fc.assert(
      fc.property(status, status, (from, to) => {
        fc.pre(!mayGo(from, to));
        const text = refusal(from, to);
        expect(text).toContain(from);
        for (const next of TRANSITIONS[from]) expect(text).toContain(next);
      }),
    );
    expect(refusal('resolved', 'open')).toBe(
      'The ticket is resolved and cannot become open. From there it may go to in_progress, closed.',
    );
    expect(refusal('closed', 'closed')).toBe(
      'The ticket is closed already. That is final; open another ticket.',
    );
  });
});
