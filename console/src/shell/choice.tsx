import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { type Preferences, usePreferences } from '../ui/preferences.ts';

/** A row of buttons of which one is chosen. */
export function Choice<K extends keyof Preferences>({
  label,
  name,
  choices,
}: {
  readonly label: string;
  readonly name: K;
  readonly choices: readonly (readonly [Preferences[K], string, LucideIcon?])[];
}): ReactNode {
  const present = usePreferences((preferences) => preferences[name]);
  return (
    <fieldset className="flex items-center justify-between gap-3 px-2.5 py-1">
      <legend className="sr-only">{label}</legend>
      <span aria-hidden className="text-sm text-muted">
        {label}
      </span>
      <span className="flex rounded-2 bg-sunken p-0.5">
        {choices.map(([value, text, Icon]) => (
          <button
            key={value}
            type="button"
            title={text}
            aria-pressed={present === value}
            onClick={() => usePreferences.setState({ [name]: value } as Partial<Preferences>)}
            className={cx(
              'inline-flex h-6 min-w-8 items-center justify-center rounded-1 px-2 text-xs',
              present === value ? 'bg-surface font-medium text-text shadow-1' : 'text-muted hover:text-text',
            )}
          >
            {Icon ? <Icon aria-hidden size={14} /> : text}
            {Icon && <span className="sr-only">{text}</span>}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
