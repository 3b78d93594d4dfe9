import type { Incident } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { Moment } from '../ui/moment.tsx';
import { deciderOf } from './words.ts';

/** Cause, decision, mail and trace of an incident. */
export function IncidentFacts({ incident }: { readonly incident: Incident }): ReactNode {
  const { cause, decided_by, rule, mailed_at, trace_id, id } = incident;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      'Cause',
      <>
        <code className="text-sm">{cause.signal}</code> on {cause.target.process}
        {cause.signal === 'dead-letters.present' && (
          <>
            {' '}
            <Link to="/admin/healing/dead-letters">Open the dead letters</Link>
          </>
        )}
      </>,
    ],
    ['Decided by', deciderOf(decided_by)],
    [
      'Rule',
      rule ? (
        <code key="rule" className="text-sm">
          {rule}
        </code>
      ) : (
        '–'
      ),
    ],
    ['Observed', <Moment key="observed" at={incident.observed_at} precision="second" />],
    ['Resolved', <Moment key="resolved" at={incident.resolved_at} precision="second" never="not yet" />],
    ['Mail', <Moment key="mail" at={mailed_at} precision="second" never="not sent" />],
    ['Trace', trace_id ? <CopyableText key="trace" text={trace_id} what="Trace id" /> : 'none'],
    ['Incident', <CopyableText key="id" text={id} what="Incident id" />],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
