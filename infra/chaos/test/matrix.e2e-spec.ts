import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runMatrix } from '../src/matrix/run-matrix.ts';
import { PortalUnderTest } from './portal-under-test.ts';

/** A twelfth of the cells; `npm run matrix` tries all. Another seed for each commit would make a failure look like a flake. */
const SHARE = 1 / 12;

describe('every route and every caller', () => {
  let portal: PortalUnderTest;
  beforeAll(async () => {
    portal = await PortalUnderTest.start({});
  }, 180_000);
  afterAll(() => portal?.stop(), 60_000);

  it('get no further than the table of permissions says, and never to another partner', async () => {
    const said: string[] = [];
    const report = await runMatrix(portal.system, {
      share: SHARE,
      seed: 20261130,
      say: (text) => said.push(text),
      signal: new AbortController().signal,
    });
    expect(report.leaks).toEqual([]);
    expect(report.cells).toBeGreaterThan((report.routes * report.callers * SHARE) / 2);
    expect(report.foreign).toBeGreaterThan(0);
  }, 240_000);
});
