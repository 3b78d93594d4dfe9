import { startPostgres } from '../../../libs/testing/src/postgres-server.ts';
import { crashPayments } from '../../../services/billing/test/crash/crash-payments.ts';
import type { BenchOptions } from '../bench-options.ts';

const SEEDS = 1000;

/** Payments whose process is killed in the middle, and what the bank and the ledger have afterwards. Fails when one was charged twice. */
export async function runPayments({ say }: BenchOptions) {
  const postgres = await startPostgres();
  try {
    const figures = await crashPayments(postgres, { seeds: SEEDS, first: 1, lives: 3 }, say);
    const { seeds, crashes, kills, steps, requests, lost, charges, ledgerEntries, declined, faults } =
      figures;
    const text = [
      `${crashes} crashes of ${seeds} payments by ${kills} SIGKILLs, ${charges} charges, ${ledgerEntries} ledger entries, ${declined} declined`,
      `crashes by step: ${Object.entries(steps)
        .map(([step, count]) => `${step} ${count}`)
        .join(', ')}`,
      `${requests} requests for a charge, of which ${lost} had their response lost after the work`,
      faults.length === 0
        ? 'no payment was charged twice, lost or posted twice'
        : `FAULTS:\n${faults.join('\n')}`,
      `${figures.seconds.toFixed(0)} s`,
    ].join('\n');
    if (faults.length > 0) process.exitCode = 1;
    return { suite: 'payments', text, ...figures };
  } finally {
    await postgres.stop();
  }
}
