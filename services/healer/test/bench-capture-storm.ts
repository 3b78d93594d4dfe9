/**
 * 100,000 errors of 5,000 forms within about a second, from one process over a real bus to a healer in a process of its
 * own. Prints what that costs both. `node --conditions=source --experimental-transform-types --no-warnings --expose-gc`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Bus } from '@gridworks/bus';
import { errorCaptured } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { classify, fingerprint, HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import { connectHealing, ServiceInfo } from '@gridworks/runtime';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';

const STORM = 100_000;
const FORMS = 5000;
const words = ['lemon', 'river', 'stone', 'cloud', 'amber', 'birch', 'coral', 'delta', 'ember', 'frost'];

/** What a process uses: megabytes, and the longest hold-up of its event loop in milliseconds. */
function measure() {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const memory = () => {
    globalThis.gc?.();
    return process.memoryUsage();
  };
  const before = memory();
  let peak = before.rss;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  return () => {
    clearInterval(sampling);
    delay.disable();
    const after = memory();
    const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
    return [
      `heap kept ${mb(after.heapUsed - before.heapUsed)} MB`,
      `resident peak +${mb(peak - before.rss)} MB`,
      `event loop held up at most ${(delay.max / 1e6).toFixed(1)} ms (p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms)`,
    ].join(', ');
  };
}

async function heal(): Promise<void> {
  const fixture = await HealerFixture.start();
  const running = await fixture.healer({
    captures: { holdMs: 5000, quietMs: 30_000, escalateMs: 120_000, recurrenceMs: 60_000 },
  });
  let events = 0;
  await running.bus.consume(
    errorCaptured.billing,
    'healer_record-billing-errors',
    async (event) => {
      events++;
      await running.parts.captures.take(event.payload, null);
    },
    { concurrency: 16 },
  );
  const measured = measure();
  process.send?.({ url: fixture.nats.url, credentials: fixture.nats.credentials('billing') });
  await once(process, 'message'); // everything was published, and some seconds have passed
  const [incident] = fixture.incidents(running);
  const size = JSON.stringify(running.parts.incidents.all()[0] ?? null).length;
  console.log(`healer     ${measured()}`);
  console.log(
    `           ${events} events, ${fixture.incidents(running).length} incident, ${(size / 1024).toFixed(1)} KB stored, ${fixture.smtp.messages.length} mail`,
  );
  console.log(`           ${fixture.smtp.messages.map(({ subject }) => subject).join()}`);
  console.log(`           ${incident?.timeline.at(-1)?.text}`);
  await fixture.stop();
  process.exit(0);
}

async function storm(): Promise<void> {
  const child = fork(import.meta.filename, ['healer'], { execArgv: process.execArgv });
  const [{ url, credentials }] = (await once(child, 'message')) as [
    { url: string; credentials: { user: string; password: string } },
  ];
  const bus = await Bus.connect({
    servers: url,
    ...credentials,
    service: 'billing',
    instance: 'billing',
    signingKey: SIGNING_KEY,
  });
  // As `startService` does it: through the sink of the product, with its share of bytes.
  const environment = new HealingEnvironment({ classify, fingerprint });
  const healing = connectHealing({
    bus,
    info: new ServiceInfo('billing', 'billing'),
    logger: createLogger({ service: 'billing', instance: 'billing', level: 'warn' }),
    environment,
  });
  let made = 0;
  const failing = (environment: HealingEnvironment) =>
    withSelfHealing(
      async () => {
        const wording = [...String(made++ % FORMS)].map((digit) => words[Number(digit)]).join(' ');
        throw new Error(`nobody foresaw ${wording}`);
      },
      { source: 'billing.product.call', category: 'api', breaker: false, bulkhead: false, environment },
    );
  // A process that has worked for a while: its code is compiled, and its heap has the size that work needs.
  const rehearsed = failing(new HealingEnvironment({ classify, fingerprint }));
  for (let i = 0; i < 100; i++)
    await Promise.all(Array.from({ length: 500 }, () => rehearsed().catch(() => undefined)));
  made = 0;
  const call = failing(environment);
  const measured = measure();
  const began = performance.now();
  while (made < STORM) {
    await Promise.all(Array.from({ length: 500 }, () => call().catch(() => undefined)));
    const ahead = (made / STORM) * 1000 - (performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ahead)));
  }
  const took = performance.now() - began;
  await healing.reporter.flush();
  console.log(`process    ${measured()}`);
  console.log(
    `           ${healing.reporter.captured} errors in ${took.toFixed(0)} ms, ${healing.reporter.dropped} captures dropped, ${healing.reporter.waiting} wait`,
  );
  setTimeout(() => child.send('told'), 8000);
  await once(child, 'exit');
  await healing.stop();
  await bus.close();
}

await (process.argv[2] === 'healer' ? heal() : storm());
