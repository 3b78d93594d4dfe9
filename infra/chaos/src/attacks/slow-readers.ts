import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, AttackContext } from './attack.ts';
import { bystanderFacts, bystanderProblems } from './bystander.ts';
import { openSockets } from './raw-sockets.ts';

const READERS = 300;
const REQUESTS_EACH = 16;
const MOST_GROWTH_MB = 100;
const CLOSED_WITHIN_MS = 90_000;
const POLL_MS = 500;
const BIG_DOCUMENT = '/openapi.json';

export const slowReaders: Attack = {
  name: 'slow-readers',
  does: `${READERS} sockets request a large document ${REQUESTS_EACH} times each, and read nothing`,
  async run(context) {
    const before = residentMb(context);
    const head = `GET ${BIG_DOCUMENT} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(REQUESTS_EACH);
    const opened = await openSockets(context, READERS, head, { reads: false });
    let peak = before;
    // A paused socket does not notice its end, so the kernel's table of connections is read instead.
    const held = async () => {
      const until = performance.now() + CLOSED_WITHIN_MS;
      while (performance.now() < until && connectionsTo(context) > READERS / 10) {
        peak = Math.max(peak, residentMb(context));
        await sleep(POLL_MS, undefined, { signal: context.signal });
      }
      return connectionsTo(context);
    };
    const { seen, result: left } = await context.bystander.watch(held());
    opened.close();
    const problems = bystanderProblems(seen);
    if (peak - before > MOST_GROWTH_MB) problems.push(`the gateway grew by ${peak - before} MB`);
    if (left > READERS / 10)
      problems.push(`${left} readers were not closed within ${CLOSED_WITHIN_MS / 1000} s`);
    return {
      problems,
      facts: { readers: READERS, 'gateway MB': `${before}, at most ${peak}`, ...bystanderFacts(seen) },
    };
  },
};

const gatewayPid = ({ system }: AttackContext): number => system.process('gateway')!.pid!;

function residentMb(context: AttackContext): number {
  const status = readFileSync(`/proc/${gatewayPid(context)}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

/** Established connections to the gateway's port, by the kernel's table of this machine. */
function connectionsTo({ port }: AttackContext): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(wanted) && state === '01').length;
}
