import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.ts';
import { bystanderFacts, bystanderProblems } from './bystander.ts';
import { openSockets, statusesOf } from './raw-sockets.ts';

const SOCKETS = 20;
const CALLS_EACH = 100;
const HELD_MS = 5000;

export const pipelinedCalls: Attack = {
  name: 'pipelined-calls',
  does: `one good key sends ${SOCKETS * CALLS_EACH} calls down ${SOCKETS} sockets without waiting for a response`,
  async run(context) {
    const call = `GET /v1/usage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${context.attackerKey}\r\n\r\n`;
    const opened = await openSockets(context, SOCKETS, call.repeat(CALLS_EACH));
    const { seen } = await context.bystander.watch(sleep(HELD_MS, undefined, { signal: context.signal }));
    const facts = { calls: SOCKETS * CALLS_EACH, 'first responses': statusesOf(opened) };
    opened.close();
    return { problems: bystanderProblems(seen), facts: { ...facts, ...bystanderFacts(seen) } };
  },
};
