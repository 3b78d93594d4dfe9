import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, AttackContext } from './attack.ts';
import { bystanderFacts, bystanderProblems } from './bystander.ts';

const CONNECTIONS = 64;
const FLOOD_MS = 4000;

interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** One request. Resolves with its status, or the system's code of what went wrong. */
function send({ host, port, from }: AttackContext, agent: Agent | false, call: Call): Promise<string> {
  return new Promise((resolve) => {
    const { method = 'GET', path, headers, body } = call;
    const outgoing = request(
      { host, port, localAddress: from, agent, method, path, headers, timeout: 10_000 },
      (response) => {
        response.resume();
        response.on('end', () => resolve(String(response.statusCode)));
        response.on('error', () => resolve('cut'));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error(), { code: 'timeout' })));
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    outgoing.end(body);
  });
}

class Tally {
  readonly #counts = new Map<string, number>();
  add(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }
  count(outcome: string): number {
    return this.#counts.get(outcome) ?? 0;
  }
  toString(): string {
    return [...this.#counts].map(([outcome, count]) => `${count} x ${outcome}`).join(', ');
  }
}

/** Sends the same call over and over from all connections at once, for a while. */
const flood = (name: string, call: Call, does: string): Attack => ({
  name,
  does,
  async run(context) {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const tally = new Tally();
    const until = performance.now() + FLOOD_MS;
    const worker = async () => {
      while (performance.now() < until) tally.add(await send(context, agent, call));
    };
    const { seen } = await context.bystander.watch(Promise.all(Array.from({ length: CONNECTIONS }, worker)));
    agent.destroy();
    const problems = bystanderProblems(seen);
    if (tally.count('500') > 0) problems.push(`${tally.count('500')} responses were 500`);
    return { problems, facts: { responses: String(tally), ...bystanderFacts(seen) } };
  },
});

const pathFlood = (path: string): Attack =>
  flood(`flood ${path}`, { path }, `${CONNECTIONS} connections request ${path} without a pause`);

export const FLOODS: readonly Attack[] = ['/openapi.json', '/metrics', '/health', '/%6Civez', '/nope'].map(
  pathFlood,
);

const MEMBERS = 95_000;
const BODIES_PER_SECOND = 8;
const BODIES_MS = 20_000;

export const unknownMembers: Attack = {
  name: 'unknown-members',
  does: `${BODIES_PER_SECOND} bodies a second, each of 1 MB with ${MEMBERS} unknown members, for ${BODIES_MS / 1000} s`,
  async run(context) {
    const body = `{${Array.from({ length: MEMBERS }, (_, index) => `"k${index}":1`).join(',')}}`;
    const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const pid = context.system.process('gateway')?.pid;
    const tally = new Tally();
    const attack = async () => {
      const sent: Promise<void>[] = [];
      for (let count = 0; count < (BODIES_PER_SECOND * BODIES_MS) / 1000; count++) {
        const call = { method: 'POST', path: '/v1/sessions', headers, body };
        sent.push(send(context, false, call).then((outcome) => tally.add(outcome)));
        await sleep(1000 / BODIES_PER_SECOND, undefined, { signal: context.signal });
      }
      await Promise.all(sent);
    };
    const { seen } = await context.bystander.watch(attack());
    const problems = bystanderProblems(seen);
    if (context.system.process('gateway')?.pid !== pid) problems.push('the gateway was restarted');
    return { problems, facts: { responses: String(tally), ...bystanderFacts(seen) } };
  },
};

const GUESSES = 1500;

export const unknownTokens: Attack = {
  name: 'unknown-tokens',
  does: `${GUESSES} calls at once, each with another unknown token`,
  async run(context) {
    const tally = new Tally();
    const guess = async () => {
      const token = Array.from({ length: 40 }, () => Math.floor(context.random() * 36).toString(36)).join('');
      tally.add(
        await send(context, false, { path: '/v1/me', headers: { authorization: `Bearer ${token}` } }),
      );
    };
    const { seen } = await context.bystander.watch(Promise.all(Array.from({ length: GUESSES }, guess)));
    const problems = bystanderProblems(seen);
    if (tally.count('200') > 0) problems.push(`${tally.count('200')} guesses were let in`);
    return { problems, facts: { responses: String(tally), ...bystanderFacts(seen) } };
  },
};
