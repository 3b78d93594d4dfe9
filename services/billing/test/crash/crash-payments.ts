import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithTest, type PostgresServer } from '@gridworks/testing';
import { type StripeRequest, StripeServer } from '@gridworks/testing/stripe';
import { isGood, planOf, randomOf, type Seed } from './crash-plan.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const TRANSPILE = path('../../../gateway/test/transpile.mjs');
/** Payments of one process: they are killed together, each at its own step. */
export const BATCH = 100;
/** How long a life may take before the payments that came past their step are not waited for any more. */
const LIFE_MS = 240_000;

/** What a run found. */
export interface CrashFigures {
  readonly seeds: number;
  /** Payments that were cut off at a step of their plan. */
  readonly crashes: number;
  /** Processes that got SIGKILL. */
  readonly kills: number;
  /** How often each step was the one. */
  readonly steps: Readonly<Record<string, number>>;
  /** Requests for a charge, repeats included, and those whose response was lost. */
  readonly requests: number;
  readonly lost: number;
  /** Charges that really happened. */
  readonly charges: number;
  readonly ledgerEntries: number;
  /** Payments that the bank declined. */
  readonly declined: number;
  readonly seconds: number;
  /** Whatever is not as it must be, by seed. Empty when all is well. */
  readonly faults: readonly string[];
}

/** Kills processes in the middle of payments, one or more times each, and counts what the bank and the ledger have afterwards. */
export async function crashPayments(
  postgres: PostgresServer,
  { seeds, first, lives }: { readonly seeds: number; readonly first: number; readonly lives: number },
  say: (line: string) => void = () => undefined,
): Promise<CrashFigures> {
  const began = performance.now();
  const run = new CrashRun(postgres, lives, say);
  for (let from = 0; from < seeds; from += BATCH)
    await run.batch(
      Array.from({ length: Math.min(BATCH, seeds - from) }, (_, n) => planOf(first + from + n)),
    );
  const { crashes, kills, steps, requests, lost, charges, ledgerEntries, declined, faults } = run;
  const seconds = (performance.now() - began) / 1000;
  return { seeds, crashes, kills, steps, requests, lost, charges, ledgerEntries, declined, seconds, faults };
}

class CrashRun {
  crashes = 0;
  kills = 0;
  steps: Record<string, number> = {};
  requests = 0;
  lost = 0;
  charges = 0;
  ledgerEntries = 0;
  declined = 0;
  readonly faults: string[] = [];

  readonly postgres: PostgresServer;
  /** How often each process of a batch is killed. */
  readonly lives: number;
  readonly say: (line: string) => void;

  constructor(postgres: PostgresServer, lives: number, say: (line: string) => void) {
    this.postgres = postgres;
    this.lives = lives;
    this.say = say;
  }

  async batch(seeds: readonly Seed[]): Promise<void> {
    const stripe = await StripeServer.start();
    const url = await this.postgres.createServiceDatabase('billing');
    try {
      const ids = await this.#prepare(stripe, url, seeds);
      this.#injectFaults(stripe, seeds[0]?.seed ?? 0);
      for (let life = 0; life < this.lives; life++) await this.#live(stripe, url, ids, seeds, life);
      stripe.faultOf = () => undefined;
      await this.#recover(stripe, url);
      await this.#check(stripe, url, ids, seeds);
    } finally {
      await stripe.stop();
    }
  }

  async #prepare(stripe: StripeServer, url: string, seeds: readonly Seed[]): Promise<Map<number, string>> {
    const ids = new Map<number, string>();
    const child = this.#start(stripe, url, { prepare: seeds });
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const [word, seed, id = ''] = line.split(' ');
      if (word === 'prepared') ids.set(Number(seed), id);
    }
    if (ids.size !== seeds.length) throw new Error(`${ids.size} of ${seeds.length} payments were prepared`);
    return ids;
  }

  /** One life of a process: it is killed as soon as each payment has come to its step, or past it. */
  async #live(
    stripe: StripeServer,
    url: string,
    ids: ReadonlyMap<number, string>,
    seeds: readonly Seed[],
    life: number,
  ): Promise<void> {
    const open = await this.#open(url);
    const plan: Record<string, string> = {};
    for (const { seed, crashes } of seeds) {
      const [id, step] = [ids.get(seed), crashes[life]];
      if (id && step && open.has(id)) plan[id] = step;
    }
    const awaited = new Set(Object.keys(plan));
    if (awaited.size === 0) return;
    await this.#endLeases(url);
    const child = this.#start(stripe, url, { plan });
    const ended = once(child, 'exit');
    const limit = setTimeout(() => child.kill('SIGKILL'), LIFE_MS);
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const [step = '', id = ''] = line.split(' ');
      if (plan[id] === step && awaited.delete(id)) {
        this.crashes++;
        this.steps[step] = (this.steps[step] ?? 0) + 1;
      } else if (step === 'settled') awaited.delete(id);
      if (awaited.size === 0) child.kill('SIGKILL');
    }
    clearTimeout(limit);
    await ended;
    this.kills++;
    if (awaited.size > 0) this.faults.push(`${[...awaited].join(', ')}: came to no end in life ${life}`);
    this.say(
      `life ${life + 1}: ${Object.keys(plan).length} payments were to crash, ${this.crashes} have until now`,
    );
  }

  /** The last life: nothing goes wrong any more. It ends when no payment is open. */
  async #recover(stripe: StripeServer, url: string): Promise<void> {
    await this.#endLeases(url);
    const child = this.#start(stripe, url, { plan: {} });
    const until = performance.now() + LIFE_MS;
    while ((await this.#open(url)).size > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async #check(
    stripe: StripeServer,
    url: string,
    ids: ReadonlyMap<number, string>,
    seeds: readonly Seed[],
  ): Promise<void> {
    const rows = await this.postgres.query<{
      id: string;
      state: string;
      payment_status: string;
      postings: number;
      cash: string;
      cases: number;
      succeeded: number;
      failed: number;
      attempts: number;
    }>(
      `select a.id, a.state, i.payment_status,
         (select count(*)::int from ledger_transactions t where t.reference = a.id) as postings,
         (select coalesce(sum(e.amount), 0)::text from ledger_entries e join ledger_accounts l on l.id = e.account_id
          where l.partner_id = a.partner_id and l.name = 'cash') as cash,
         (select count(*)::int from dunning_cases c where c.invoice_id = a.invoice_id) as cases,
         (select count(*)::int from outbox o where o.subject = 'event.billing.payment.succeeded'
          and o.event -> 'data' ->> 'payment_id' = a.id) as succeeded,
         (select count(*)::int from outbox o where o.subject = 'event.billing.payment.failed'
          and o.event -> 'data' ->> 'payment_id' = a.id) as failed,
         (select count(*)::int from payment_attempts o where o.invoice_id = a.invoice_id) as attempts
       from payment_attempts a join invoices i on i.id = a.invoice_id`,
      [],
      asService(url),
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const seed of seeds) {
      const id = ids.get(seed.seed) ?? '';
      const charges = stripe.chargesOf('attempt_id', id);
      const { id: _, ...row } = found.get(id) ?? { id };
      const good = isGood(seed);
      const wanted = good
        ? {
            state: 'succeeded',
            payment_status: 'paid',
            postings: 1,
            cases: 0,
            succeeded: 1,
            failed: 0,
            attempts: 1,
          }
        : {
            state: 'failed',
            payment_status: 'unpaid',
            postings: 0,
            cases: 1,
            succeeded: 0,
            failed: 1,
            attempts: 1,
          };
      const cash = String(charges.reduce((sum, { amount }) => sum + amount, 0));
      const isRight =
        charges.length === (good ? 1 : 0) &&
        Object.entries({ ...wanted, cash }).every(
          ([name, value]) => (row as Record<string, unknown>)[name] === value,
        );
      if (!isRight) this.faults.push(`seed ${seed.seed}: ${charges.length} charges, ${JSON.stringify(row)}`);
      this.charges += charges.length;
      this.ledgerEntries += found.get(id)?.postings ?? 0;
      if (!good) this.declined++;
    }
  }

  /** Responses that get lost after the work, requests that get lost before it, and slow ones; the same for the same seed and request. */
  #injectFaults(stripe: StripeServer, first: number): void {
    const random = randomOf(first ^ 0x5eed);
    stripe.faultOf = ({ route }: StripeRequest) => {
      if (route !== 'POST /v1/payment_intents') return undefined;
      this.requests++;
      const drawn = random();
      if (drawn < 0.15) this.lost++;
      if (drawn < 0.1) return 'drop';
      if (drawn < 0.15) return 'error-after';
      if (drawn < 0.2) return 'lose';
      return drawn < 0.25 ? 40 : undefined;
    };
  }

  async #open(url: string): Promise<Set<string>> {
    const rows = await this.postgres.query<{ id: string }>(
      `select id from payment_attempts where settled_at is null`,
      [],
      asService(url),
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** As if the time of a lease had passed. */
  async #endLeases(url: string): Promise<void> {
    await this.postgres.query(
      'update payment_attempts set next_look_at = now() where next_look_at is not null',
      [],
      asService(url),
    );
  }

  #start(stripe: StripeServer, url: string, input: object): ChildProcess {
    const { secretKey, webhookSecret } = stripe;
    const config = {
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_BASE: stripe.url,
    };
    return endWithTest(
      spawn(
        process.execPath,
        ['--conditions=source', '--no-warnings', '--import', TRANSPILE, path('payments-process.ts')],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: {
            ...{ PATH: process.env.PATH, DATABASE_URL: url },
            ...{ PAYMENTS_STRIPE: JSON.stringify(config), PAYMENTS_INPUT: JSON.stringify(input) },
          },
        },
      ),
    );
  }
}

/** The rows of every partner. */
function asService(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', '-c gridworks.tenant=*');
  return address.href;
}
