import type { Overview } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { formatCount, formatShare } from '../ui/numbers.ts';
import { errorRate, LinkedFigure, OverviewPart } from './overview-parts.tsx';
import { COUNTS_FRESH_FOR_S } from './overview-people.tsx';

/** The streams are read every 5 s, and may be late once. */
const EVENTS_FRESH_FOR_S = 15;

/** Calls of all partners, and how many of them failed. */
export function CallFigures({ calls }: { readonly calls: Overview['calls'] }): ReactNode {
  return (
    <OverviewPart title="API calls" part={calls} from="billing" freshForS={COUNTS_FRESH_FOR_S}>
      {({ today, last_30_days }, isFresh) =>
        (
          [
            ['Today', today],
            ['30 days', last_30_days],
          ] as const
        ).map(([label, count]) => {
          const rate = errorRate(count);
          return (
            <LinkedFigure
              key={label}
              label={label}
              value={count.calls}
              to="/admin/partners"
              isFresh={isFresh}
            >
              {rate === null ? 'no call yet' : `${formatShare(rate)} with an error (status 400 and above)`}
            </LinkedFigure>
          );
        })
      }
    </OverviewPart>
  );
}

/** Which outbox is the longest; which are not known, as long as one should be. */
const outboxWords = ([longest]: NonNullable<Overview['events']>['outboxes']): string => {
  if (!longest) return 'no service has reported its outbox yet';
  return longest.waiting > 0
    ? `most in the outbox of ${longest.service} (${formatCount(longest.waiting)})`
    : 'events that services have stored';
};

/** What waits in the outboxes and in the event stream, and what was given up. */
export function EventFigures({ events }: { readonly events: Overview['events'] }): ReactNode {
  return (
    <OverviewPart title="Events" part={events} from="the event stream" freshForS={EVENTS_FRESH_FOR_S}>
      {({ unread, consumers, dead_letters, outboxes }, isFresh) => (
        <>
          <LinkedFigure
            label="Not published yet"
            value={outboxes.reduce((sum, { waiting }) => sum + waiting, 0)}
            to="/admin/healing"
            isFresh={isFresh}
          >
            {outboxWords(outboxes)}
          </LinkedFigure>
          <LinkedFigure
            label="Unread events"
            value={unread}
            to="/admin/healing/incidents?signal=consumer.lagging"
            isFresh={isFresh}
          >
            {consumers[0] && `most for ${consumers[0].consumer} (${formatCount(consumers[0].unread)})`}
          </LinkedFigure>
          <LinkedFigure
            label="Dead letters"
            value={dead_letters}
            to="/admin/healing/dead-letters"
            isFresh={isFresh}
          >
            events that a consumer gave up, not decided yet
          </LinkedFigure>
        </>
      )}
    </OverviewPart>
  );
}
