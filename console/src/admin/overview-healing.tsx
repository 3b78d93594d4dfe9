import type { Overview } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { formatCount } from '../ui/numbers.ts';
import { dayBefore, LinkedFigure, OverviewPart } from './overview-parts.tsx';

interface HealingCountsProps {
  readonly health: Overview['health'];
  readonly healing: Overview['healing'];
  readonly freshForS: number;
}

/** What is open, what was healed, and what waits for a person. */
export function HealingCounts({ health, healing, freshForS }: HealingCountsProps): ReactNode {
  return (
    <OverviewPart
      title="Healing"
      part={healing}
      from="the healer"
      freshForS={freshForS}
      className="lg:col-span-2"
    >
      {(part, isFresh) => (
        <>
          <LinkedFigure
            label="Open incidents"
            value={part.open_incidents}
            to="/admin/healing/incidents?status=unresolved"
            isFresh={isFresh}
          />
          <LinkedFigure
            label="Need a human"
            value={part.escalated_incidents}
            to="/admin/healing/incidents?status=escalated"
            isFresh={isFresh}
          />
          <LinkedFigure
            label="Healed today"
            value={part.history?.resolved_today ?? null}
            to={`/admin/healing/incidents?status=resolved&since=${dayBefore(part.observed_at, 0)}`}
            isFresh={isFresh}
          >
            {part.history &&
              `${formatCount(part.history.auto_resolved_today)} without a human, since 00:00 UTC`}
          </LinkedFigure>
          <LinkedFigure
            label="Verdicts to decide"
            value={part.history?.open_verdicts ?? null}
            to="/admin/healing/verdicts?state=suggested"
            isFresh={isFresh}
          />
          <LinkedFigure
            label="Pauses in force"
            value={part.pauses}
            to="/admin/healing/pauses"
            isFresh={isFresh}
          >
            {part.all_paused && 'everything is paused'}
          </LinkedFigure>
          <LinkedFigure
            label="Healthy components"
            value={health.components - health.impaired.length}
            to="/admin/healing"
            isFresh={isFresh}
          >
            of {formatCount(health.components)}
          </LinkedFigure>
        </>
      )}
    </OverviewPart>
  );
}
