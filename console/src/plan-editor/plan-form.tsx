import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  type Control,
  type FieldErrors,
  type UseFormRegister,
  useFieldArray,
  useWatch,
} from 'react-hook-form';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { PlanCard } from '../billing/plan-card.tsx';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { Section } from '../ui/panel.tsx';
import {
  MODELS,
  NEW_TIER,
  newPrice,
  type PlanValues,
  type PlanVersion,
  planFormSchema,
  termsOf,
  valuesOf,
} from './plan-form-values.ts';

interface Fields {
  readonly control: Control<PlanValues>;
  readonly register: UseFormRegister<PlanValues>;
  readonly errors: FieldErrors<PlanValues>;
}

/** Edits a draft; what partners would see is beside it. */
export function PlanForm({ version }: { readonly version: PlanVersion }): ReactNode {
  const save = useAction({
    run: (values: PlanValues) =>
      api.admin.planVersions.change({ id: version.id, ...termsOf(values, version) }),
    done: 'Draft saved',
    refresh: [['plan-versions']],
    onDone: (saved) => reset(valuesOf(saved)),
  });
  const { control, register, reset, submit, failure, formState } = useApiForm<PlanValues>({
    schema: planFormSchema,
    defaultValues: valuesOf(version),
    onSubmit: (values) => save.mutateAsync(values),
  });
  const { errors, isSubmitting, isDirty } = formState;
  return (
    <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[1fr_20rem]">
      <form noValidate onSubmit={submit} className="flex min-w-0 flex-col gap-5">
        <Section title="What it is">
          <div className="grid grid-cols-1 gap-4 sm:grid-cols-6">
            <TextField
              label="Name"
              className="sm:col-span-2"
              error={errors.name?.message}
              {...register('name')}
            />
            <TextField
              label="Description"
              className="sm:col-span-4"
              error={errors.description?.message}
              {...register('description')}
            />
            <SelectField
              label="Paid"
              className="sm:col-span-2"
              options={[
                { value: 'month', label: 'Every month' },
                { value: 'year', label: 'Every year' },
              ]}
              {...register('interval')}
            />
            <TextField
              label="Trial"
              hint="Days without a fee."
              inputMode="numeric"
              className="sm:col-span-2"
              error={errors.trial_days?.message}
              {...register('trial_days')}
            />
            <TextField
              label="Included calls"
              hint="Of each month, also where a year is paid."
              inputMode="numeric"
              className="sm:col-span-2"
              error={errors.included?.message}
              {...register('included')}
            />
            <TextField
              label="Calls a minute"
              hint="At most, over all keys of a partner."
              inputMode="numeric"
              className="sm:col-span-3"
              error={errors.burst?.message}
              {...register('burst')}
            />
            <TextField
              label="Calls a day"
              hint="At most, in any 24 hours."
              inputMode="numeric"
              className="sm:col-span-3"
              error={errors.daily?.message}
              {...register('daily')}
            />
            <TextArea
              label="Further features"
              hint="One in each line, for people to read. They switch nothing."
              rows={3}
              className="sm:col-span-6"
              {...register('features')}
            />
          </div>
        </Section>
        <Prices control={control} register={register} errors={errors} />
        {failure !== null && <ErrorNote error={failure} />}
        <p>
          <Button type="submit" variant="primary" busy={isSubmitting} disabled={!isDirty}>
            Save draft
          </Button>
        </p>
      </form>
      <Preview control={control} version={version} />
    </div>
  );
}

/** The card as partners would see it, in the first currency; the last good one while the fields are not. */
function Preview({
  control,
  version,
}: {
  readonly control: Control<PlanValues>;
  readonly version: PlanVersion;
}): ReactNode {
  const values = useWatch({ control }) as PlanValues;
  const isGood = planFormSchema.safeParse(values).success;
  const terms = isGood ? termsOf(values, version) : version;
  return (
    <div className="xl:sticky xl:top-20">
      <h2 className="mb-2 text-sm font-medium text-muted">As partners see it</h2>
      <PlanCard plan={terms} currency={Object.keys(terms.prices)[0] ?? 'EUR'} />
    </div>
  );
}

function Prices({ control, register, errors }: Fields): ReactNode {
  const { fields, append, remove } = useFieldArray({ control, name: 'prices' });
  return (
    <>
      {fields.map((field, index) => (
        <CurrencySection
          key={field.id}
          {...{ control, register, errors, index }}
          onRemove={fields.length > 1 ? () => remove(index) : null}
        />
      ))}
      <p>
        <Button icon={Plus} onClick={() => append(newPrice(''))}>
          Another currency
        </Button>
      </p>
    </>
  );
}

function CurrencySection({
  control,
  register,
  errors,
  index,
  onRemove,
}: Fields & { readonly index: number; readonly onRemove: (() => void) | null }): ReactNode {
  const values = useWatch({ control, name: `prices.${index}` });
  const found = errors.prices?.[index];
  const { currency = '', model } = values;
  const path = `prices.${index}` as const;
  const isTiered = model === 'graduated' || model === 'volume';
  return (
    <Section
      title={currency === '' ? 'Another currency' : `Prices in ${currency}`}
      actions={
        onRemove && (
          <Button size="sm" variant="ghost" icon={X} onClick={onRemove}>
            Remove
          </Button>
        )
      }
    >
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-6">
        <TextField
          label="Currency"
          maxLength={3}
          placeholder="EUR"
          className="sm:col-span-2"
          error={found?.currency?.message}
          {...register(`${path}.currency`, { setValueAs: (text: string) => text.trim().toUpperCase() })}
        />
        <TextField
          label="Fee"
          hint="In advance, without tax."
          inputMode="decimal"
          className="sm:col-span-2"
          error={found?.recurring?.message}
          {...register(`${path}.recurring`)}
        />
        <TextField
          label="Minimum for calls"
          hint="A month, besides the fee."
          inputMode="decimal"
          className="sm:col-span-2"
          error={found?.minimum?.message}
          {...register(`${path}.minimum`)}
        />
        <SelectField
          label="Calls above the included"
          className={isTiered ? 'sm:col-span-6' : 'sm:col-span-3'}
          options={Object.entries(MODELS).map(([value, label]) => ({ value, label }))}
          {...register(`${path}.model`)}
        />
        {model === 'package' && (
          <TextField
            label="Calls in a package"
            inputMode="numeric"
            className="sm:col-span-1"
            error={found?.size?.message}
            {...register(`${path}.size`)}
          />
        )}
        {!isTiered && (
          <TextField
            label={
              model === 'per_unit'
                ? 'Price of one call'
                : model === 'package'
                  ? 'Price of a package'
                  : 'Amount'
            }
            inputMode="decimal"
            className={model === 'package' ? 'sm:col-span-2' : 'sm:col-span-3'}
            error={found?.amount?.message}
            {...register(`${path}.amount`)}
          />
        )}
      </div>
      {isTiered && <Tiers {...{ control, register, errors, index }} />}
    </Section>
  );
}

function Tiers({ control, register, errors, index }: Fields & { readonly index: number }): ReactNode {
  const { fields, append, remove } = useFieldArray({ control, name: `prices.${index}.tiers` });
  const found = errors.prices?.[index]?.tiers;
  return (
    <div className="mt-4 flex flex-col gap-3">
      {fields.map((field, tier) => {
        const path = `prices.${index}.tiers.${tier}` as const;
        const isLast = tier === fields.length - 1;
        return (
          <div key={field.id} className="grid grid-cols-[1fr_1fr_1fr_auto] items-end gap-3">
            <TextField
              label="Up to"
              inputMode="numeric"
              placeholder={isLast ? 'no end' : ''}
              error={found?.[tier]?.up_to?.message}
              {...register(`${path}.up_to`)}
            />
            <TextField
              label="Price of one"
              inputMode="decimal"
              error={found?.[tier]?.unit?.message}
              {...register(`${path}.unit`)}
            />
            <TextField
              label="Once for the tier"
              inputMode="decimal"
              error={found?.[tier]?.flat?.message}
              {...register(`${path}.flat`)}
            />
            <Button
              variant="ghost"
              icon={X}
              disabled={fields.length === 1}
              onClick={() => remove(tier)}
              aria-label={`Remove tier ${tier + 1}`}
            />
          </div>
        );
      })}
      <p>
        <Button size="sm" icon={Plus} onClick={() => append({ ...NEW_TIER })}>
          Add a tier
        </Button>
      </p>
    </div>
  );
}
