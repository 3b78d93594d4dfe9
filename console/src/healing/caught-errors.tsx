import type { Incident } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { formatCount } from '../ui/numbers.ts';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { formatDuration } from '../ui/times.ts';
import { deciderOf, strategyName } from './words.ts';

type CaughtError = Incident['errors'][number];
const OUTCOMES = {
  healed: { status: 'pass', word: 'Healed' },
  failed: { status: 'fail', word: 'Failed' },
  skipped: { status: 'unknown', word: 'Skipped' },
} as const;

/** Errors that a process caught, the steps that it tried, and the reasons. */
export function CaughtErrors({ errors }: { readonly errors: readonly CaughtError[] }): ReactNode {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {errors.map((error) => (
        <li key={`${error.fingerprint} ${error.process}`} className="py-3 first:pt-1 last:pb-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-semibold">{error.source}</span>
            <Tag>{error.kind}</Tag>
            {error.dependency && <span className="text-sm text-muted">of {error.dependency}</span>}
            <StatusMark
              status={error.healed === error.count ? 'pass' : error.healed > 0 ? 'warn' : 'fail'}
              word={`${formatCount(error.healed)} of ${formatCount(error.count)} healed`}
            />
          </div>
          <p className="mt-1 text-sm break-words text-muted">
            {error.error.name}
            {error.error.code && ` ${error.error.code}`}: {error.error.message}
          </p>
          <p className="mt-1 text-sm">
            {strategyName(error.strategy)}: {error.why}{' '}
            <span className="text-faint">
              ({deciderOf(error.decided_by)}, {Math.round(error.confidence * 100)}% sure, {error.process})
            </span>
          </p>
          {error.steps.length > 0 && (
            <ol className="mt-2 flex flex-col gap-1 text-sm">
              {error.steps.map((step, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one heal never change their order
                <li key={index} className="flex flex-wrap items-baseline gap-x-2">
                  <StatusMark plain {...OUTCOMES[step.outcome]} />
                  <span>{strategyName(step.strategy)}</span>
                  <span className="text-muted">{step.why}</span>
                  <span className="text-faint tabular-nums">{formatDuration(step.duration_ms)}</span>
                </li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ul>
  );
}
