import { describe, expect, it } from '@jest/globals';
import { BrowserTally, MOST_BROWSERS, MOST_BUILDS, WINDOW_MS } from './browser-tally.ts';
import type { FrontendReport } from './read-reports.ts';

const report = (kind: FrontendReport['kind'], message = '') => ({
  ...{ kind, message, path: '/keys', name: '', rating: '' },
});
const error = report('error', 'boom\n  at x');
const vital = report('vital');
const from = (network: string) => ({ network, requestId: `req-${network}` });

describe('BrowserTally', () => {
  it('counts browsers, and those with a failure, by build', () => {
    const tally = new BrowserTally('b2');
    tally.add({ build: 'b2', reports: [vital, error] }, from('192.0.2.1'), 0);
    tally.add({ build: 'b2', reports: [vital] }, from('192.0.2.2'), 0);
    tally.add({ build: 'b1', reports: [report('chunk', 'gone')] }, from('192.0.2.3'), 0);
    tally.add({ build: '', reports: [report('policy')] }, from('192.0.2.4'), 0);
    expect(tally.read(1)).toEqual([
      {
        ...{ build: 'b2', browsers: 2, failing: 1 },
        sample: { message: 'boom at x', page: '/keys', request_id: 'req-192.0.2.1' },
      },
      {
        ...{ build: 'b1', browsers: 1, failing: 1 },
        sample: { message: 'gone', page: '/keys', request_id: 'req-192.0.2.3' },
      },
    ]);
  });

  it('counts a browser once for any number of reports, and as failing until its failure is old', () => {
    const tally = new BrowserTally('b1');
    for (let n = 0; n < 1000; n++) tally.add({ build: 'b1', reports: [error] }, from('192.0.2.1'), n);
    tally.add({ build: 'b1', reports: [vital] }, from('192.0.2.1'), 2000);
    expect(tally.read(2000)).toMatchObject([{ browsers: 1, failing: 1 }]);
    expect(tally.read(WINDOW_MS + 1000)).toEqual([{ build: 'b1', browsers: 1, failing: 0, sample: null }]);
    expect(tally.read(WINDOW_MS + 2000)).toEqual([]);
  });

  it('is bounded in builds and browsers, and keeps a place for the served build', () => {
    const tally = new BrowserTally('served');
    for (let n = 0; n < 50; n++) tally.add({ build: `made-up-${n}`, reports: [error] }, from(`n${n}`), 0);
    tally.add({ build: 'no name <b>', reports: [error] }, from('odd'), 0);
    tally.add({ build: 'served', reports: [vital] }, from('192.0.2.1'), 0);
    const builds = tally.read(0).map(({ build }) => build);
    expect(builds).toHaveLength(MOST_BUILDS + 1);
    expect(builds).toEqual(expect.arrayContaining(['served', 'other', 'made-up-0']));
    for (let n = 0; n < MOST_BROWSERS + 10; n++)
      tally.add({ build: 'served', reports: [vital] }, from(`s${n}`), 1);
    expect(tally.read(1).find(({ build }) => build === 'served')?.browsers).toBe(MOST_BROWSERS);
    // A place is free again when its build has no recent reports.
    tally.add({ build: 'b9', reports: [vital] }, from('192.0.2.9'), WINDOW_MS);
    expect(tally.read(WINDOW_MS).map(({ build }) => build)).toEqual(['served', 'b9']);
  });
});
