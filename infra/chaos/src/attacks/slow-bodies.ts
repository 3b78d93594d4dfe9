import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.ts';
import { bystanderFacts, bystanderProblems } from './bystander.ts';
import { openSockets, statusesOf } from './raw-sockets.ts';

const SOCKETS = 1100;
const HELD_MS = 10_000;

const slowBodies = (name: string, path: string, does: string): Attack => ({
  name,
  does,
  async run(context) {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
    const opened = await openSockets(context, SOCKETS, head);
    const { seen } = await context.bystander.watch(sleep(HELD_MS, undefined, { signal: context.signal }));
    const facts = { sockets: SOCKETS, responses: statusesOf(opened), 'still open': opened.open() };
    opened.close();
    return { problems: bystanderProblems(seen), facts: { ...facts, ...bystanderFacts(seen) } };
  },
});

export const slowBodiesToNowhere = slowBodies(
  'slow-bodies',
  '/nope',
  `${SOCKETS} sockets send one byte of a body to an unknown path, and wait`,
);
export const slowBodiesToLogIn = slowBodies(
  'slow-log-ins',
  '/v1/sessions',
  `${SOCKETS} sockets send one byte of a body to the log-in, and wait`,
);
