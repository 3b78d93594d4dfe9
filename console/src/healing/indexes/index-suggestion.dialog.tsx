import type { IndexSuggestion } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Moment } from '../../ui/moment.tsx';
import { formatCount, formatShare, plural } from '../../ui/numbers.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { columnWords, DECISIONS, type Decision, formatMean, formatSize, STATE_MARKS } from './words.ts';

/** What speaks for an index, what was done, and what can be decided. */
export function IndexSuggestionDialog({
  suggestion,
  onDecide,
  onClose,
}: {
  readonly suggestion: IndexSuggestion;
  readonly onDecide: (decision: Decision) => void;
  readonly onClose: () => void;
}): ReactNode {
  const mayDecide = useMay('database:write');
  const offered = (Object.keys(DECISIONS) as Decision[]).filter((one) =>
    DECISIONS[one].isOffered(suggestion),
  );
  return (
    <Dialog
      title={`Index on ${suggestion.service}.${suggestion.table}`}
      wide
      onClose={onClose}
      actions={
        mayDecide &&
        offered.length > 0 &&
        offered.toReversed().map((one) => (
          <Button
            key={one}
            {...(one === 'approve' && { variant: 'primary' as const })}
            onClick={() => onDecide(one)}
          >
            {DECISIONS[one].action}
          </Button>
        ))
      }
    >
      <Facts suggestion={suggestion} />
      <Plans suggestion={suggestion} />
      <Timeline suggestion={suggestion} />
    </Dialog>
  );
}

function Facts({ suggestion: { columns, evidence, index, progress, result, state } }: Shown): ReactNode {
  const { statement } = evidence;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      <Fact name="State">
        <StatusMark {...STATE_MARKS[state]} />
        {progress && (
          <span className="text-muted">
            {' '}
            {progress.phase}
            {progress.share !== null && `, ${formatShare(progress.share, 0)}`}
          </span>
        )}
      </Fact>
      <Fact name="Columns">
        {columnWords(columns)} <span className="block text-sm text-faint wrap-anywhere">{index}</span>
      </Fact>
      <Fact name="Table">
        {plural(evidence.rows, 'row')}, {formatSize(evidence.bytes)}; the index takes about{' '}
        {formatSize(evidence.index_bytes)}, and each of {plural(evidence.rows_written, 'write')} so far would
        have changed it
      </Fact>
      <Fact name="Calls">
        {formatCount(statement.calls)}, {formatMean(statement.mean_ms)} each, {formatMean(statement.total_ms)}{' '}
        in all
        {evidence.other_statements > 0 &&
          `; ${plural(evidence.other_statements, 'other statement')} would use it, too`}
      </Fact>
      <Fact name="Rows">
        {evidence.rows_read === null ? 'an unknown number is' : `${formatCount(evidence.rows_read)} are`} read
        to return {formatCount(statement.rows_returned)}
      </Fact>
      {result && (
        <Fact name="Since it was built">
          {result.after === null
            ? 'no calls of the statement were counted yet'
            : `${formatMean(result.after.mean_ms)} a call (${plural(result.after.calls, 'call')}), before ${formatMean(result.before.mean_ms)}`}
          ; {plural(result.scans, 'scan')} of the index
          {result.unused && ': it was not used for a week, and may be dropped'}
        </Fact>
      )}
    </dl>
  );
}

function Plans({ suggestion: { evidence, result } }: Shown): ReactNode {
  const { plan, statement, trial } = evidence;
  return (
    <>
      <div>
        <p className="mb-1.5 text-sm text-muted">The statement, without values</p>
        <CodeBlock label="Statement without values" className="max-h-40 [&>pre]:whitespace-pre-wrap">
          {statement.shape}
        </CodeBlock>
      </div>
      <div>
        <p className="mb-1.5 text-sm text-muted">
          {result?.plan ? 'Its plan before' : 'Its plan'}, at cost {formatCount(plan.cost)}
        </p>
        <CodeBlock label="Plan without the index" className="[&>pre]:whitespace-pre-wrap">
          {plan.lines.join('\n')}
        </CodeBlock>
      </div>
      <div>
        <p className="mb-1.5 text-sm text-muted">
          {result?.plan
            ? `Its plan since, at cost ${formatCount(result.plan.cost)}`
            : `Tried over ${plural(trial.sample_rows, 'row')}: cost ${formatCount(trial.cost_with)} with the index, ${formatCount(trial.cost_without)} without`}
        </p>
        <CodeBlock label="Plan with the index" className="[&>pre]:whitespace-pre-wrap">
          {(result?.plan ?? trial.plan).lines.join('\n')}
        </CodeBlock>
      </div>
    </>
  );
}

function Timeline({ suggestion: { first_seen_at, timeline } }: Shown): ReactNode {
  return (
    <div>
      <p className="mb-1.5 text-sm text-muted">What was done</p>
      <ol className="flex flex-col gap-1">
        <li>
          <Moment at={first_seen_at} precision="second" /> Suggested
        </li>
        {timeline.map(({ at, by, text }) => (
          <li key={`${at}${text}`} className="wrap-anywhere">
            <Moment at={at} precision="second" /> {text} <span className="text-faint">by {by}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

type Shown = { readonly suggestion: IndexSuggestion };

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
