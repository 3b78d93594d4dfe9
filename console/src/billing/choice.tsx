import type { ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';

interface ChoiceProps {
  readonly legend: string;
  readonly options: readonly { readonly value: string; readonly name: string; readonly text: string }[];
  readonly field: UseFormRegisterReturn;
}

/** One of a few, each with a sentence. */
export function Choice({ legend, options, field }: ChoiceProps): ReactNode {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {options.map(({ value, name, text }) => (
        <label key={value} className="flex items-start gap-2">
          <input type="radio" value={value} className="mt-0.5 size-4 shrink-0 accent-(--accent)" {...field} />
          <span>
            {name}
            <span className="block text-sm text-faint">{text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
