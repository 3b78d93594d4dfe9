import type { Bus } from '@gridworks/bus';
import { breakerChanged, poolChanged, SERVICES } from '@gridworks/contracts';
import { BreakerAnnotator } from '../breakers/breaker-annotator.ts';
import type { HealingContext } from '../healing/healing-context.ts';
import { PoolAnnotator } from '../pools/pool-annotator.ts';
import type { ErrorIntake } from './error-intake.ts';

const POLL_EVERY_MS = 500;

/**
 * Drives incidents of caught errors, and subscribes to changes of breakers and pools, until the returned function is
 * called.
 */
export function watchCaptures(
  bus: Pick<Bus, 'listen'>,
  { captures, clock, incidents, logger }: HealingContext & { readonly captures: ErrorIntake },
): () => void {
  const breakers = new BreakerAnnotator(incidents, clock);
  const pools = new PoolAnnotator(incidents, clock);
  const subscriptions = SERVICES.flatMap((service) => [
    bus.listen(breakerChanged[service], async ({ payload }) => breakers.onBreakerChange(payload)),
    bus.listen(poolChanged[service], async ({ payload }) => pools.onPoolChange(payload)),
  ]);
  const poll = setInterval(() => {
    for (const polling of [captures.poll(), breakers.poll(), pools.poll()])
      polling.catch((error: unknown) => logger.log('captured_error.process_failed', { error }));
  }, POLL_EVERY_MS);
  return () => {
    clearInterval(poll);
    for (const one of subscriptions) one.stop();
  };
}
