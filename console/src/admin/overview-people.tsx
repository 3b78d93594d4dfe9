import type { Overview } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { dayBefore, LinkedFigure, OverviewPart } from './overview-parts.tsx';

/** Counts of rows are kept for some seconds on their way here. */
export const COUNTS_FRESH_FOR_S = 30;

/** Who uses the portal, and who is new. */
export function AccountFigures({ accounts }: { readonly accounts: Overview['accounts'] }): ReactNode {
  return (
    <OverviewPart title="Accounts" part={accounts} from="auth" freshForS={COUNTS_FRESH_FOR_S}>
      {(part, isFresh) => {
        const since = (days: number) => `/admin/partners?since=${dayBefore(part.observed_at, days - 1)}`;
        return (
          <>
            <LinkedFigure label="Partners" value={part.partners} to="/admin/partners" isFresh={isFresh} />
            <LinkedFigure
              label="Sign-ups, 7 days"
              value={part.new_partners}
              to={since(7)}
              isFresh={isFresh}
            />
            <LinkedFigure
              label="Sign-ups, 30 days"
              value={part.new_partners_30_days}
              to={since(30)}
              isFresh={isFresh}
            />
            <LinkedFigure label="Users" value={part.users} to="/admin/users" isFresh={isFresh} />
            <LinkedFigure label="API keys" value={part.active_keys} to="/admin/partners" isFresh={isFresh}>
              that work now, by partner
            </LinkedFigure>
          </>
        );
      }}
    </OverviewPart>
  );
}

/** Tickets that are neither resolved nor closed, by who must do something. */
export function TicketFigures({ tickets }: { readonly tickets: Overview['tickets'] }): ReactNode {
  return (
    <OverviewPart title="Tickets" part={tickets} from="support" freshForS={COUNTS_FRESH_FOR_S}>
      {({ by_status }, isFresh) => (
        <>
          {(
            [
              ['open', 'Open'],
              ['in_progress', 'In progress'],
              ['waiting_on_partner', 'Waiting on partner'],
            ] as const
          ).map(([status, label]) => (
            <LinkedFigure
              key={status}
              label={label}
              value={by_status[status] ?? null}
              to={`/admin/tickets?status=${status}`}
              isFresh={isFresh}
            />
          ))}
        </>
      )}
    </OverviewPart>
  );
}
