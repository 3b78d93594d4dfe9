/** `npm run bench -- request-path | bus | wrappers | healing | log-line | metrics | anomalies | idle | payments | long-lists | lighthouse | auth | billing | all [--seconds n] [--rounds n] [--partners n] [--events n] [--json]` */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchOptions } from './bench-options.ts';

const suites: Record<string, (options: BenchOptions) => Promise<{ suite: string; text: string }>> = {
  'request-path': async (options) =>
    (await import('./request-path/run-request-path.ts')).runRequestPath(options),
  bus: async (options) => (await import('./bus/run-bus.ts')).runBus(options),
  wrappers: async (options) => (await import('./wrappers/run-wrappers.ts')).runWrappers(options),
  healing: async (options) => (await import('./healing/run-healing.ts')).runHealing(options),
  'log-line': async (options) => (await import('./log-line/run-log-line.ts')).runLogLine(options),
  'long-lists': async (options) => (await import('./long-lists/run-long-lists.ts')).runLongLists(options),
  idle: async (options) => (await import('./idle/run-idle.ts')).runIdle(options),
  lighthouse: async (options) => (await import('./lighthouse/run-lighthouse.ts')).runLighthouse(options),
  auth: async (options) => (await import('./auth/run-auth.ts')).runAuth(options),
  anomalies: async (options) => (await import('./anomalies/run-anomalies.ts')).runAnomalies(options),
  payments: async (options) => (await import('./payments/run-payments.ts')).runPayments(options),
  billing: async (options) => (await import('./billing/run-billing.ts')).runBilling(options),
  metrics: async (options) => (await import('./metrics/run-metrics.ts')).runMetrics(options),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    partners: { type: 'string' },
    events: { type: 'string' },
  },
});
const name = positionals[0] ?? 'all';
const chosen = name === 'all' ? Object.keys(suites) : [name];
const unknown = chosen.find((suite) => !suites[suite]);
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
/** Of `billing`: how many partners and calls a month has. */
const size = {
  ...(values.partners === undefined ? {} : { partners: Number(values.partners) }),
  ...(values.events === undefined ? {} : { events: Number(values.events) }),
};
const isSize = Object.values(size).every((count) => Number.isInteger(count) && count >= 1 && count <= 1e8);
if (unknown || !(seconds >= 1 && seconds <= 60) || !(rounds >= 1 && rounds <= 20) || !isSize) {
  console.error(
    `BENCH.USAGE: npm run bench -- ${Object.keys(suites).join(' | ')} | all [--seconds 1-60] [--rounds 1-20] [--partners n] [--events n] [--json]`,
  );
  process.exit(64);
}

const machine = { cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), node: process.version };
// Servers and peers do not keep this process alive; this timer does while a suite runs.
const held = setInterval(() => undefined, 60_000);
const results = [];
for (const suite of chosen) {
  const result = await suites[suite]?.({
    seconds,
    rounds,
    ...size,
    say: (line) => process.stderr.write(`${suite}: ${line}\n`),
  });
  if (!result) continue;
  results.push(result);
  if (!values.json)
    console.log(`\n${suite} — one run on ${machine.cores} cores, Node ${machine.node}\n\n${result.text}`);
}
if (values.json) {
  console.log(
    JSON.stringify({ machine, results: results.map(({ text: _, ...figures }) => figures) }, null, 2),
  );
}
clearInterval(held);
process.exit(process.exitCode ?? 0);
