import type { Check } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { SparkLine } from '../../charts/spark-line.tsx';
import { Link } from '../../navigation/navigation.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { formatShare } from '../../ui/numbers.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { formatInterval, formatResponse, reasonOf, STATES } from './words.ts';

interface CheckTableProps {
  readonly checks: readonly Check[];
  /** The check that runs because of a click. */
  readonly running: string | undefined;
  /** Undefined: this person may only look. */
  readonly onRun: ((name: string) => void) | undefined;
  readonly onChange: (check: Check) => void;
}

/** One row for each check. */
export function CheckTable({ checks, running, onRun, onChange }: CheckTableProps): ReactNode {
  const columns: readonly Column<Check>[] = [
    { key: 'state', label: 'State', from: 'sm', cell: ({ state }) => <StatusMark {...STATES[state]} /> },
    {
      key: 'check',
      label: 'Check',
      className: 'w-full sm:min-w-44',
      cell: (check) => <What check={check} />,
    },
    {
      key: 'response',
      label: 'Last response',
      end: true,
      from: 'sm',
      cell: (check) => <Response check={check} />,
    },
    {
      key: 'threshold',
      label: 'Threshold',
      end: true,
      from: 'lg',
      cell: ({ threshold }) => (
        <span className="whitespace-nowrap">
          {formatResponse(threshold.response_time_ms)}
          <br />
          <span className="text-sm text-faint">fails from {formatShare(threshold.error_rate)}</span>
        </span>
      ),
    },
    {
      key: 'run',
      label: 'Last run',
      from: 'md',
      cell: ({ last_run, interval_ms, enabled }) => (
        <span className="whitespace-nowrap">
          <Moment at={last_run?.at ?? null} precision="time" relative />
          <br />
          <span className="text-sm text-faint">{enabled ? formatInterval(interval_ms) : 'never'}</span>
        </span>
      ),
    },
    {
      key: 'act',
      label: 'Run or change',
      hideLabel: true,
      cell: (check) => (
        <span className="flex justify-end gap-2 max-sm:flex-col">
          {onRun && check.state !== 'not_configured' && (
            <Button
              size="sm"
              busy={running === check.name}
              onClick={() => onRun(check.name)}
              aria-label={`Run now: ${check.name}`}
            >
              Run now
            </Button>
          )}
          <Button
            size="sm"
            variant="ghost"
            onClick={() => onChange(check)}
            aria-label={`${onRun ? 'Change' : 'Show'} ${check.name}`}
          >
            {onRun ? 'Change' : 'Show'}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      caption="Checks"
      columns={columns}
      rows={checks}
      keyOf={({ name }) => name}
      faded={({ state }) => state === 'not_configured'}
    />
  );
}

function What({ check }: { readonly check: Check }): ReactNode {
  const { name, last_run, state, target } = check;
  const ms = last_run?.response_time_ms;
  return (
    <>
      <Link to={`/admin/healing/health/${target}`} className="font-medium">
        {name}
      </Link>
      <span className="block text-sm text-faint wrap-anywhere">{reasonOf(check) || target}</span>
      <span className="mt-1 flex flex-wrap items-center gap-2 sm:hidden">
        <StatusMark {...STATES[state]} />
        {ms !== null && ms !== undefined && <span className="text-sm text-muted">{formatResponse(ms)}</span>}
      </span>
    </>
  );
}

/** The response time of the last run, and those of the runs before it. */
function Response({ check: { runs, last_run } }: { readonly check: Check }): ReactNode {
  const times = runs.flatMap(({ response_time_ms }) => (response_time_ms === null ? [] : [response_time_ms]));
  const last = last_run?.response_time_ms;
  return (
    <span className="flex flex-col items-end gap-0.5 whitespace-nowrap">
      {last === null || last === undefined ? <span className="text-faint">none</span> : formatResponse(last)}
      {times.length > 1 && (
        <SparkLine
          label={`Response times of the last ${times.length} runs, at most ${formatResponse(Math.max(...times))}`}
          values={times}
          width={72}
          height={18}
        />
      )}
    </span>
  );
}
