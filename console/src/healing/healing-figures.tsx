import type { HealingStats } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { usePageSearch } from '../navigation/page-search.ts';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Segments } from '../ui/filter.tsx';
import { formatCount, formatShare } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { formatDuration } from '../ui/times.ts';
import { deciderOf, strategyName } from './words.ts';

const WINDOWS = ['24h', '7d', '30d'] as const;
const searchSchema = z.object({ window: z._default(z.enum(WINDOWS), '24h') });
const WINDOW_WORDS = { '24h': '24 hours', '7d': '7 days', '30d': '30 days' } as const;

/** The figures of healing: in total, by decider, by remedy, and inside processes. */
export function HealingFigures(): ReactNode {
  const [{ window }, setSearch] = usePageSearch(searchSchema);
  const stats = useQuery({
    queryKey: ['healing', 'stats', window],
    queryFn: () => api.admin.healing.stats({ window }),
    meta: { live: true },
  });
  return (
    <Panel
      title={`Last ${WINDOW_WORDS[window]}`}
      query={stats}
      observedAt={({ observed_at }) => observed_at}
      actions={
        <Segments
          label="Window"
          value={window}
          options={WINDOW_WORDS}
          onChange={(next) => setSearch({ window: next })}
        />
      }
    >
      {(data) => <Figures stats={data} />}
    </Panel>
  );
}

const duration = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));

function Figures({ stats }: { readonly stats: HealingStats }): ReactNode {
  const { errors, model, prevented } = stats;
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-2 gap-5 sm:grid-cols-3 xl:grid-cols-6">
        <FigureNumber label="Healed without a human" value={formatCount(stats.auto_resolved)}>
          of {formatCount(stats.incidents)} incidents
        </FigureNumber>
        <FigureNumber label="Open now" value={formatCount(stats.open)}>
          {formatCount(stats.escalated)} needed a human
        </FigureNumber>
        <FigureNumber
          label="Success rate"
          value={stats.success_rate === null ? '–' : formatShare(stats.success_rate, 1)}
        >
          healed alone, of those that ended
        </FigureNumber>
        <FigureNumber label="Time to detect" value={duration(stats.time_to_detect.p50_ms)}>
          p95 {duration(stats.time_to_detect.p95_ms)}
        </FigureNumber>
        <FigureNumber label="Time to heal" value={duration(stats.time_to_heal.p50_ms)}>
          p95 {duration(stats.time_to_heal.p95_ms)}
        </FigureNumber>
        <FigureNumber label="Healed inside processes" value={formatCount(errors.healed)}>
          of {formatCount(errors.caught)} errors caught
        </FigureNumber>
      </dl>
      <div className="grid gap-x-8 gap-y-5 border-t border-line pt-4 md:grid-cols-2 xl:grid-cols-3 2xl:grid-cols-5">
        <Tally
          title="By who decided"
          head={['', 'healed', 'human']}
          rows={stats.by_decider.map((row) => [
            deciderOf(row.decider),
            formatCount(row.auto_resolved),
            formatCount(row.escalated),
          ])}
        />
        <Tally
          title="By remedy"
          head={['', 'done', 'failed']}
          rows={stats.by_remedy.map((row) => [row.remedy, formatCount(row.done), formatCount(row.failed)])}
        />
        <Tally
          title="Inside processes"
          head={['', 'healed', 'failed']}
          rows={stats.by_strategy.map((row) => [
            strategyName(row.strategy),
            formatCount(row.healed),
            formatCount(row.failed),
          ])}
        />
        <Tally
          title="Prevented"
          head={['', 'times', '']}
          rows={[
            ['connections ran out', formatCount(prevented.pool_recoveries), ''],
            ['process replaced in time', formatCount(prevented.replacements), ''],
            ['database session ended', formatCount(prevented.sessions_ended), ''],
            ['repeated call succeeded', formatCount(prevented.retries_that_helped), ''],
          ]}
        />
        <Tally
          title="Model, ever"
          head={['', 'verdicts', '']}
          rows={[
            ['given', formatCount(model.verdicts), ''],
            ['tried', formatCount(model.agreed), ''],
            ['promoted', formatCount(model.promoted), ''],
            ['rejected', formatCount(model.rejected), ''],
            ['demoted', formatCount(model.demoted), ''],
          ]}
        />
      </div>
    </div>
  );
}

interface TallyProps {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function Tally({ title, head, rows }: TallyProps): ReactNode {
  return (
    <table className="w-full self-start text-sm">
      <caption className="pb-1 text-start text-sm font-medium">{title}</caption>
      <thead className="sr-only">
        <tr>
          {head.map((name, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
            <th key={column} scope="col">
              {name || title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 && (
          <tr>
            <td className="text-faint">none yet</td>
          </tr>
        )}
        {rows.map(([name, ...values]) => (
          <tr key={name}>
            <th scope="row" className="py-0.5 text-start font-normal break-words text-muted">
              {name}
            </th>
            {values.map((value, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <td key={column} className="ps-3 text-end whitespace-nowrap tabular-nums">
                {value && (
                  <>
                    {value} <span className="text-xs text-faint">{head[column + 1]}</span>
                  </>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
