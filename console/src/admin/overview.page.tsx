import type { Overview } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { FRESH_FOR_S, overallSentence } from '../healing/overall-sentence.ts';
import { OverallState } from '../healing/overall-state.tsx';
import { Link } from '../navigation/navigation.tsx';
import { useClock } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { CallFigures, EventFigures } from './overview-flow.tsx';
import { HealingCounts } from './overview-healing.tsx';
import { AccountFigures, TicketFigures } from './overview-people.tsx';

/** Health, and how much waits, are states: they are fetched again without an event, too. */
const EVERY_MS = 5000;

/** The whole portal in figures, by one request. Each figure opens the list that it counts. */
export default function OverviewPage(): ReactNode {
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: () => api.admin.overviews.get(),
    refetchInterval: EVERY_MS,
    meta: { live: true },
  });
  return (
    <>
      <PageHeader title="Overview">
        The portal in figures. Each figure opens the list that it counts.
      </PageHeader>
      {overview.data ? (
        <Figures overview={overview.data} />
      ) : (
        <Section>
          <Loaded query={overview} lines={10}>
            {() => null}
          </Loaded>
        </Section>
      )}
    </>
  );
}

function Figures({ overview }: { readonly overview: Overview }): ReactNode {
  const now = useClock();
  const { health, healing } = overview;
  const facts = { health, incidents: healing ?? undefined, allPaused: healing?.all_paused ?? false };
  const latest = healing?.latest_open;
  return (
    <>
      <OverallState overall={overallSentence(facts, now)}>
        <Link
          to={latest ? `/admin/healing/incidents/${latest.id}` : '/admin/healing'}
          className="link ms-auto text-sm"
        >
          {latest ? 'Open the incident' : 'All components'}
        </Link>
      </OverallState>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <HealingCounts health={health} healing={healing} freshForS={FRESH_FOR_S} />
        <AccountFigures accounts={overview.accounts} />
        <TicketFigures tickets={overview.tickets} />
        <CallFigures calls={overview.calls} />
        <EventFigures events={overview.events} />
      </div>
    </>
  );
}
