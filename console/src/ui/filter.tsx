import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface FilterProps<V extends string> {
  readonly label: string;
  /** Undefined: no filter. */
  readonly value: V | undefined;
  readonly options: Readonly<Record<V, string>>;
  readonly all?: string;
  readonly onChange: (value: V | undefined) => void;
}

/** The words of a table of states, as options of `<Filter>`. */
export const wordsOf = <K extends string>(
  marks: Readonly<Record<K, { readonly word: string }>>,
): Readonly<Record<K, string>> =>
  Object.fromEntries(
    Object.entries<{ readonly word: string }>(marks).map(([key, { word }]) => [key, word]),
  ) as Record<K, string>;

/** A choice that narrows a list; its value belongs in the address. */
export function Filter<V extends string>({
  label,
  value,
  options,
  all = 'all',
  onChange,
}: FilterProps<V>): ReactNode {
  return (
    <label
      className={cx(
        'inline-flex h-8 items-center gap-1 rounded-2 border bg-surface ps-2.5 text-sm shadow-1',
        value ? 'border-accent text-accent-text' : 'border-line-strong/50 text-muted',
      )}
    >
      {label}:
      <select
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : (event.target.value as V))}
        className="h-full rounded-2 bg-surface pe-1.5 font-medium"
      >
        <option value="">{all}</option>
        {Object.entries<string>(options).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TabsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: Readonly<Record<V, string>>;
  readonly onChange: (value: V) => void;
}

/** A choice between a few options, side by side: a range, a split. */
export function Segments<V extends string>({ label, value, options, onChange }: TabsProps<V>): ReactNode {
  return (
    <fieldset className="inline-flex rounded-2 border border-line bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {Object.entries<string>(options).map(([option, text]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option as V)}
          className={cx(
            'h-7 rounded-1 px-2.5 text-sm whitespace-nowrap',
            option === value ? 'bg-surface font-medium text-text shadow-1' : 'text-muted hover:text-text',
          )}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}
