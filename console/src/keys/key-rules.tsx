import type { ReactNode } from 'react';
import type { FieldErrors, UseFormRegister } from 'react-hook-form';
import { KEY_SCOPES } from '../session/may-do.ts';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import type { ChangedKey } from './key-schemas.ts';
import { ScopeChoice } from './scope-choice.tsx';

const LIFE_WORDS = {
  none: 'It has no end',
  '7': 'In 7 days',
  '30': 'In 30 days',
  '90': 'In 90 days',
  '365': 'In a year',
} as const;

interface KeyRulesProps {
  readonly register: UseFormRegister<ChangedKey>;
  readonly errors: FieldErrors<ChangedKey>;
  /** Whether only some scopes are chosen now. */
  readonly isLimited: boolean;
  /** The end that the key has, in words; left out for a new key. */
  readonly end?: string;
}

/** What a key may do, how long, how often, and from where. */
export function KeyRules({ register, errors, isLimited, end }: KeyRulesProps): ReactNode {
  const lives = Object.entries(LIFE_WORDS).map(([value, label]) => ({ value, label }));
  return (
    <>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">May do</legend>
        <label className="flex items-center gap-2">
          <input type="radio" value="all" className="size-4 accent-(--accent)" {...register('scope')} />
          Everything that keys may do
        </label>
        <label className="flex items-center gap-2">
          <input type="radio" value="some" className="size-4 accent-(--accent)" {...register('scope')} />
          Only this
        </label>
        {isLimited && (
          <div className="ms-6 grid gap-2">
            <ScopeChoice scopes={KEY_SCOPES} field={register('scopes')} />
          </div>
        )}
        {errors.scopes?.message && (
          <p role="alert" className="text-sm text-fail">
            {errors.scopes.message}
          </p>
        )}
      </fieldset>
      <SelectField
        label="Ends"
        options={end === undefined ? lives : [{ value: 'keep', label: end }, ...lives]}
        error={errors.life?.message}
        {...register('life')}
      />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">Limits of this key</legend>
        <div className="grid grid-cols-2 items-start gap-3">
          <TextField
            label="Calls a minute"
            inputMode="numeric"
            autoComplete="off"
            error={errors.burst?.message}
            {...register('burst')}
          />
          <TextField
            label="Calls a day"
            inputMode="numeric"
            autoComplete="off"
            error={errors.daily?.message}
            {...register('daily')}
          />
        </div>
        <p className="mt-1 text-sm text-faint">Lower than those of every key. Empty: as for every key.</p>
      </fieldset>
      <TextArea
        label="Allowed networks"
        hint="One a line: 203.0.113.0/24, 2001:db8::/32 or one address. Empty: from everywhere."
        rows={2}
        spellCheck={false}
        error={errors.allowed_networks?.message}
        {...register('allowed_networks')}
      />
    </>
  );
}
