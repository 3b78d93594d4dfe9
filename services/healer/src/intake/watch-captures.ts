import type { Bus } from '@gridworks/bus';
import { breakerChanged, SERVICES } from '@gridworks/contracts';
import { BreakerNotes } from '../breakers/breaker-notes.ts';
import type { HealingContext } from '../healing/healing-context.ts';
import type { CaptureDesk } from './capture-desk.ts';

const LOOK_EVERY_MS = 500;

/** Goes on with incidents of caught errors, and hears of breakers, until the returned function is called. */
export function watchCaptures(
  bus: Pick<Bus, 'listen'>,
  { captures, clock, incidents, logger }: HealingContext & { readonly captures: CaptureDesk },
): () => void {
  const breakers = new BreakerNotes(incidents, clock);
  const hearing = SERVICES.map((service) =>
    bus.listen(breakerChanged[service], async ({ payload }) => breakers.hear(payload)),
  );
  const look = setInterval(() => {
    for (const looking of [captures.look(), breakers.look()])
      looking.catch((error: unknown) => logger.warn({ error }, 'caught errors were not looked at'));
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(look);
    for (const one of hearing) one.stop();
  };
}
