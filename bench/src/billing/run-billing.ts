import '../../../services/gateway/test/transpile.mjs';
import { startPostgres } from '../../../libs/testing/src/postgres-server.ts';
import type { BenchOptions } from '../bench-options.ts';
import { figure, median, table } from '../table.ts';
import { runProgram } from './run-program.ts';

const DEFAULT = { partners: 200, events: 500_000 };
/** Rows of one COPY. */
const COPIED = 100_000;

/**
 * How many calls and usage events a second are counted, beside COPY into the same table; and how long the bills of a month take for so many
 * partners with so many calls, and how much memory. Fails when the bills are not made, or when meter, invoices and ledger do not agree.
 */
export async function runBilling({ seconds, rounds, partners, events, say }: BenchOptions) {
  const { openBilling } = await import('./open-billing.ts');
  const { copyCalls, recordCalls, recordEvents } = await import('./measure-recording.ts');
  const { fillMonth, MONTH } = await import('./fill-month.ts');
  const until = new Date(Date.parse(MONTH.to) + 1000).toISOString();
  const size = { partners: partners ?? DEFAULT.partners, events: events ?? DEFAULT.events };
  const rates = { calls: [] as number[], events: [] as number[], copy: [] as number[] };
  const recording = await startPostgres();
  try {
    const { database, url } = await openBilling(recording);
    for (let round = 1; round <= rounds; round++) {
      rates.calls.push(await recordCalls(database, seconds));
      rates.copy.push(await copyCalls(recording, url, COPIED));
      rates.events.push(await recordEvents(database, seconds));
      say(`recording: round ${round} of ${rounds}`);
    }
    await database.close();
  } finally {
    await recording.stop();
  }
  const billed = await startPostgres();
  try {
    const { database, url } = await openBilling(billed);
    say(`storing a month of ${size.partners} partners with ${size.events.toLocaleString('en-GB')} calls`);
    await fillMonth(billed, { database, url }, size, say);
    await database.close();
    say('making the bills');
    const bill = await runProgram(url, ['run', '--until', until]);
    say(bill.said);
    say('comparing meter, invoices and ledger');
    const check = await runProgram(url, ['reconcile']);
    say(check.said);
    if (bill.status !== 0 || check.status !== 0) process.exitCode = 1;
    return report(size, rates, bill, check);
  } finally {
    await billed.stop();
  }
}

type Run = Awaited<ReturnType<typeof runProgram>>;

function report(
  size: typeof DEFAULT,
  rates: Record<'calls' | 'events' | 'copy', readonly number[]>,
  bill: Run,
  check: Run,
) {
  const [calls, reported, copy] = [median(rates.calls), median(rates.events), median(rates.copy)];
  const text = [
    table(
      ['recording, with PostgreSQL on the same cores', 'a second', 'share of COPY'],
      [
        ['metered calls, counted by hour, day, key, route', figure(calls), figure(calls / copy)],
        ['usage events of partners', figure(reported), figure(reported / copy)],
        ['COPY of the same rows into usage_records', figure(copy), '1.00'],
      ],
    ),
    '',
    table(
      [`${size.partners} partners, ${size.events.toLocaleString('en-GB')} calls`, 'seconds', 'peak MiB'],
      [
        ['bills of a month (npm run billing -- run)', figure(bill.seconds), figure(bill.peakMib)],
        ['npm run billing -- reconcile', figure(check.seconds), figure(check.peakMib)],
      ],
    ),
    '',
    bill.said,
    check.said,
  ].join('\n');
  return {
    ...{
      suite: 'billing',
      text,
      ...size,
      calls_a_second: calls,
      events_a_second: reported,
      copied_a_second: copy,
    },
    ...{ bill_seconds: bill.seconds, bill_peak_mib: bill.peakMib },
    ...{ reconcile_seconds: check.seconds, reconcile_peak_mib: check.peakMib },
  };
}
