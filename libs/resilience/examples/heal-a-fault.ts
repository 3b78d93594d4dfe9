import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainHealing, processEnvironment, withSelfHealing } from '@gridworks/resilience';

// A server that cuts the first connection, as servers do when they restart.
let requests = 0;
const server = createServer((request, response) => {
  if (++requests === 1) request.socket.destroy();
  else response.end(JSON.stringify({ from: 'EUR', to: 'USD', rate: 1.08 }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

// The original call, and the same call wrapped.
async function readRate(from: string, to: string): Promise<number> {
  const response = await fetch(`${url}/rates/${from}/${to}`);
  const { rate } = (await response.json()) as { rate: number };
  return rate;
}
const readRateHealed = withSelfHealing(readRate, {
  source: 'rates.read',
  category: 'api',
  idempotent: true,
  deadlineMs: 2_000,
});

processEnvironment.onHealing((record) => console.log(explainHealing(record)));
console.log('rate:', await readRateHealed('EUR', 'USD'));
server.close();
