import type { NatsConnection } from '@nats-io/transport-node';

const TIMEOUT_MS = 1000;

/** Whether the server responds within a second of this process's own running time. Never throws. */
export async function ping(nc: NatsConnection): Promise<boolean> {
  const start = performance.now();
  let responded: boolean | undefined;
  const pong = nc.flush().then(
    () => {
      responded = true;
    },
    () => {
      responded = false;
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS);
  });
  await Promise.race([pong, late]);
  clearTimeout(timer);
  if (responded !== undefined) return responded;
  // This process may have been stopped itself, with the pong still unread in the socket.
  const heldUp = performance.now() - start > TIMEOUT_MS * 1.5;
  await new Promise((resolve) => setImmediate(resolve));
  return responded ?? heldUp;
}
