import type { Overview } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { formatCount, plural } from '../ui/numbers.ts';
import { Age } from '../ui/panel.tsx';
import { dayBefore, LinkedFigure, OverviewPart } from './overview-parts.tsx';

interface HealingCountsProps {
  readonly health: Overview['health'];
  readonly healing: Overview['healing'];
  readonly freshForS: number;
}

/** What is open, what was healed, and what waits for a person. */
export function HealingCounts({ health, healing, freshForS }: HealingCountsProps): ReactNode {
  const passing = health.components - health.impaired.length;
  return (
    <OverviewPart title="Healing" part={healing} from="the healer" freshForS={freshForS}>
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
            {part.history && `${formatCount(part.history.auto_resolved_today)} without a human; UTC`}
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
          <div className="min-w-0 text-sm">
            <dt className="text-muted">Components</dt>
            <dd className="mt-0.5">
              <Link to="/admin/healing" className="link">
                {formatCount(passing)} of {plural(health.components, 'component')} healthy
              </Link>
            </dd>
            <dd className="mt-0.5 text-faint">
              <Age at={health.observed_at} freshForS={freshForS} />
            </dd>
          </div>
        </>
      )}
    </OverviewPart>
  );
}
