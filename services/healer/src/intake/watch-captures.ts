import type { Bus } from '@gridworks/bus';
import { breakerChanged, SERVICES } from '@gridworks/contracts';
import { BreakerAnnotator } from '../breakers/breaker-annotator.ts';
import type { HealingContext } from '../healing/healing-context.ts';
import type { ErrorIntake } from './error-intake.ts';

const POLL_EVERY_MS = 500;

/**
 * Drives incidents of caught errors, and subscribes to changes of breakers, until the returned function is
 * called.
 */
export function watchCaptures(
  bus: Pick<Bus, 'listen'>,
  { captures, clock, incidents, logger }: HealingContext & { readonly captures: ErrorIntake },
): () => void {
  const breakers = new BreakerAnnotator(incidents, clock);
  const subscriptions = SERVICES.map((service) =>
    bus.listen(breakerChanged[service], async ({ payload }) => breakers.onBreakerChange(payload)),
  );
  const poll = setInterval(() => {
    for (const polling of [captures.poll(), breakers.poll()])
      polling.catch((error: unknown) => logger.log('captured_error.process_failed', { error }));
  }, POLL_EVERY_MS);
  return () => {
    clearInterval(poll);
    for (const one of subscriptions) one.stop();
  };
}
