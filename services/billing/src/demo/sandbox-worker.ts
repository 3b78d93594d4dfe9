import { parentPort } from 'node:worker_threads';

/** The interval of the pulse, in milliseconds. */
const PULSE_MS = 100;

/**
 * The program of a sandbox's thread: counts metering calls by their id, so that a repeated one counts once, and sends a
 * pulse. It imports nothing of the portal and reaches neither the database nor the bus.
 */
const counted = new Map<string, number>();
let total = 0;

parentPort?.on('message', ({ id }: { readonly id: string }) => {
  if (!counted.has(id)) {
    counted.set(id, ++total);
    // Ids are repeated within seconds: a few hundred are enough, and memory stays bounded.
    if (counted.size > 500) counted.delete(counted.keys().next().value as string);
  }
  parentPort?.postMessage({ id, total });
});
setInterval(() => parentPort?.postMessage({ pulse: true }), PULSE_MS);
parentPort?.postMessage({ pulse: true });
