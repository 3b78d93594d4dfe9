import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crashPayments } from './crash/crash-payments.ts';

describe('a payment that is killed at any step', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  it('is charged once, and posted once: 100 seeds', async () => {
    // Other seeds each day; a failure names its seed.
    const first = Math.floor(Date.now() / 86_400_000) * 1000;
    const { faults, seeds, crashes, steps, kills, charges, ledgerEntries, declined } = await crashPayments(
      postgres,
      {
        ...{ seeds: 100, first, lives: 2 },
      },
    );
    expect(faults).toEqual([]);
    expect(crashes).toBeGreaterThanOrEqual(seeds);
    expect(Object.keys(steps).sort()).toEqual(['claimed', 'posted', 'responded', 'settled', 'submitted']);
    expect(kills).toBeGreaterThan(0);
    expect(charges).toBe(seeds - declined);
    expect(ledgerEntries).toBe(charges);
  }, 900_000);
});
