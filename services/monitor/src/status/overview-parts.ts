import type { getOverview, OutputOf, Pulse, ServiceName } from '@gridworks/contracts';
import type { EventLogReading } from '../checks/events/event-log.check.ts';
import type { SystemHealth } from '../health/system-health.ts';

type Overview = OutputOf<typeof getOverview>;

/** The health without what is in order. */
export const healthPart = ({ status, observed_at, checks }: SystemHealth): Overview['health'] => ({
  status,
  observed_at,
  components: checks.length,
  impaired: checks
    .filter((check) => check.status !== 'pass')
    .map(({ component, status: own }) => ({ component, status: own })),
});

/** What waits in the streams; null before they were read. */
export function eventsPart(
  reading: (Pick<EventLogReading, 'deadLetters' | 'pending' | 'waiting'> & { readonly at: number }) | null,
  pulses: readonly Pick<Pulse, 'dependencies' | 'service'>[],
): Overview['events'] {
  if (!reading) return null;
  const consumers = Object.entries(reading.pending)
    .filter(([, unread]) => unread > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([consumer, unread]) => ({ consumer, unread }));
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  return {
    unread: sum(consumers.map(({ unread }) => unread)),
    consumers,
    dead_letters: reading.waiting
      ? sum(reading.waiting.map(({ replaying, waiting }) => waiting + replaying))
      : sum(Object.values(reading.deadLetters.bySubject)),
    outboxes: outboxesOf(pulses),
    observed_at: new Date(reading.at).toISOString(),
  };
}

/** Instances of a service share one outbox. */
function outboxesOf(pulses: Parameters<typeof eventsPart>[1]): NonNullable<Overview['events']>['outboxes'] {
  const waiting = new Map<ServiceName, number>();
  for (const { dependencies, service } of pulses)
    for (const { outbox_waiting: own } of dependencies)
      if (own !== undefined) waiting.set(service, Math.max(own, waiting.get(service) ?? 0));
  return [...waiting]
    .map(([service, count]) => ({ service, waiting: count }))
    .sort((one, other) => other.waiting - one.waiting);
}
