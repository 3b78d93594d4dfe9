import { type ReactNode, useState } from 'react';
import { OVERLAPS } from './key-state.ts';

export type Overlap = (typeof OVERLAPS)[number]['seconds'];
const DAY_S = 86_400;

/** For how long an old secret goes on beside its new one; a day at first. */
export const useOverlap = () => useState<Overlap>(DAY_S);

interface OverlapChoiceProps {
  /** What goes on: the old key, the old secret. */
  readonly what: string;
  readonly value: Overlap;
  readonly onChange: (seconds: Overlap) => void;
}

/** Lets a person choose the overlap. */
export function OverlapChoice({ what, value, onChange }: OverlapChoiceProps): ReactNode {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="sr-only">{what} stays valid for</legend>
      {OVERLAPS.map(({ seconds, label }) => (
        <label key={seconds} className="flex items-center gap-2">
          <input
            type="radio"
            name="overlap"
            checked={value === seconds}
            onChange={() => onChange(seconds)}
            className="size-4 accent-(--accent)"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
