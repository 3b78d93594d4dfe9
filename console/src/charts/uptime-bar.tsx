import { type ReactNode, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { formatShare } from '../ui/numbers.ts';
import { STATUS_SHAPES, type Status } from '../ui/status-mark.tsx';

/** A day, or an hour. */
export interface UptimeStep {
  /** The beginning of the step, as the API sends it. */
  readonly at: string;
  /** `28 Nov`, `14:00`. */
  readonly label: string;
  /** Share of the observed time in which the component worked, 0 to 1; null without observations. */
  readonly up: number | null;
  /** Share of the observed time in which the component was degraded. */
  readonly degraded?: number;
}

const FILLS: Readonly<Record<Status, string>> = {
  pass: 'bg-pass-mark',
  warn: 'bg-warn-mark',
  fail: 'bg-fail-mark',
  unknown: 'bg-unknown-mark/50',
};
const HEIGHTS: Readonly<Record<Status, string>> = {
  pass: 'h-full',
  warn: 'h-3/4',
  fail: 'h-1/2',
  unknown: 'h-1',
};
const GOOD = 0.999;
const FAIR = 0.99;

export function statusOfStep({ up, degraded = 0 }: UptimeStep): Status {
  if (up === null) return 'unknown';
  if (up < FAIR) return 'fail';
  return up >= GOOD && degraded <= 1 - FAIR ? 'pass' : 'warn';
}

const textOf = ({ label, up, degraded = 0 }: UptimeStep): string =>
  up === null
    ? `${label}: no data`
    : `${label}: ${formatShare(up)} up${degraded > 0 ? `, ${formatShare(degraded)} degraded` : ''}`;

interface UptimeBarProps {
  /** A sentence that says what the bar shows. */
  readonly caption: string;
  /** Oldest first. */
  readonly steps: readonly UptimeStep[];
  /** What a step is: `Day`. */
  readonly unit: string;
  /** The step whose parts are shown below. */
  readonly chosen?: string | undefined;
  readonly onChoose?: (at: string) => void;
}

/** One stroke for each step: full height for good, shorter for worse, low for unknown. A pointer or the arrow keys choose a step. */
export function UptimeBar({ caption, steps, unit, chosen, onChoose }: UptimeBarProps): ReactNode {
  return (
    <figure className="m-0">
      <figcaption className="pb-2 text-sm text-muted">{caption}</figcaption>
      <div className="relative h-9">
        <ul aria-label={caption} className="flex h-full items-end gap-px">
          {steps.map((step) => {
            const status = statusOfStep(step);
            return (
              <li
                key={step.at}
                title={textOf(step)}
                className={cx(
                  'flex h-full min-w-0 flex-1 items-end',
                  step.at === chosen && 'rounded-1 bg-selected outline-2 outline-accent',
                )}
              >
                <span aria-hidden className={cx('w-full rounded-1', FILLS[status], HEIGHTS[status])} />
                <span className="sr-only">
                  {STATUS_SHAPES[status]} {textOf(step)}
                </span>
              </li>
            );
          })}
        </ul>
        {onChoose && steps.length > 1 && (
          <Chooser steps={steps} unit={unit} chosen={chosen} onChoose={onChoose} />
        )}
      </div>
      <p aria-hidden className="flex justify-between pt-1 text-xs text-faint">
        <span>{steps[0]?.label}</span>
        <span>{steps.at(-1)?.label}</span>
      </p>
    </figure>
  );
}

/** A native slider over the strokes, so that pointer, touch and keyboard work. The choice is made when the slider is released. */
function Chooser({
  steps,
  unit,
  chosen,
  onChoose,
}: Required<Pick<UptimeBarProps, 'steps' | 'unit' | 'onChoose'>> & {
  readonly chosen: string | undefined;
}): ReactNode {
  const last = steps.length - 1;
  const at = steps.findIndex((step) => step.at === chosen);
  const [moved, setMoved] = useState<number | null>(null);
  const index = Math.min(last, moved ?? (at < 0 ? last : at));
  const step = steps[index] as UptimeStep;
  const choose = () => {
    setMoved(null);
    if (moved !== null && step.at !== chosen) onChoose(step.at);
  };
  return (
    <input
      type="range"
      aria-label={unit}
      aria-valuetext={textOf(step)}
      title={textOf(step)}
      min={0}
      max={last}
      value={index}
      onChange={(event) => setMoved(Number(event.target.value))}
      onPointerUp={choose}
      onKeyUp={choose}
      onBlur={choose}
      className="stroke-chooser absolute inset-0 size-full"
      style={{ ['--stroke' as string]: `${100 / steps.length}%` }}
    />
  );
}
