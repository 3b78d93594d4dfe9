import { INCIDENT_STATUSES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { fitsStatus, statusInHistory } from './status-filter.ts';

describe('the filter by status', () => {
  it('takes one status, all of them, or all but resolved', () => {
    const fitting = (filter: Parameters<typeof fitsStatus>[1]) =>
      INCIDENT_STATUSES.filter((status) => fitsStatus(status, filter));
    expect(fitting(null)).toEqual(INCIDENT_STATUSES);
    expect(fitting('acting')).toEqual(['acting']);
    expect(fitting('unresolved')).toEqual(['open', 'acting', 'verifying', 'escalated']);
  });

  it('reads of what is not over only the escalated ones from history', () => {
    expect([statusInHistory('unresolved'), statusInHistory('verifying')]).toEqual(['escalated', undefined]);
    expect([statusInHistory('resolved'), statusInHistory(null)]).toEqual(['resolved', null]);
  });
});
