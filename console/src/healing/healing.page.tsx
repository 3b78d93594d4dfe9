import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { useClock } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { Forecasts } from './forecasts.tsx';
import { HealingFigures } from './healing-figures.tsx';
import { IncidentList } from './incident-list.tsx';
import { useHealth, useLatestIncidents, usePauses } from './live-healing.ts';
import { FRESH_FOR_S, factsOf, overallSentence } from './overall-sentence.ts';
import { OverallState } from './overall-state.tsx';
import { PauseList } from './pause-list.tsx';
import { RecentActions } from './recent-actions.tsx';
import { ServiceGrid } from './service-grid.tsx';

/** The overall state first, then open incidents, then past actions. */
export default function HealingPage(): ReactNode {
  const health = useHealth();
  const incidents = useLatestIncidents();
  const pauses = usePauses();
  const now = useClock();
  const overall = overallSentence(factsOf(health.data, incidents.data, pauses.data), now);
  return (
    <>
      <PageHeader title="Healing" actions={<Link to="/admin/healing/incidents">All incidents</Link>}>
        What monitor sees, and what the healer does about it, as it happens.
      </PageHeader>
      <OverallState overall={overall} />
      <div className="flex flex-col gap-5">
        <Panel
          title="Components"
          query={health}
          observedAt={({ observed_at }) => observed_at}
          freshForS={FRESH_FOR_S}
          lines={6}
        >
          {(data) => <ServiceGrid health={data} />}
        </Panel>
        <Panel title="Open incidents" query={incidents} flush>
          {(data) => (
            <IncidentList
              incidents={data.filter(({ status }) => status !== 'resolved')}
              empty="No incident is open"
            />
          )}
        </Panel>
        <HealingFigures />
        <Forecasts />
        <div className="grid grid-cols-1 gap-5 xl:grid-cols-[2fr_1fr]">
          <RecentActions />
          <Panel title="Pauses in force" query={pauses} flush>
            {(data) => <PauseList pauses={data} />}
          </Panel>
        </div>
        <Panel title="Latest incidents" query={incidents} flush>
          {(data) => (
            <IncidentList
              incidents={data.filter(({ status }) => status === 'resolved').slice(0, 10)}
              empty="Nothing has been healed yet"
            />
          )}
        </Panel>
      </div>
    </>
  );
}
