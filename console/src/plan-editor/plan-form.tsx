import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { UseFormReturn } from 'react-hook-form';
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
  type PriceValues,
  planFormSchema,
  type TierValues,
  termsOf,
  valuesOf,
} from './plan-form-values.ts';

type Form = Pick<UseFormReturn<PlanValues>, 'register' | 'watch' | 'getValues' | 'setValue' | 'formState'>;
interface Fields {
  readonly form: Form;
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
  const { reset, submit, failure, ...form } = useApiForm<PlanValues>({
    schema: planFormSchema,
    defaultValues: valuesOf(version),
    onSubmit: (values) => save.mutateAsync(values),
  });
  const { register, formState } = form;
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
        <Prices form={form} />
        {failure !== null && <ErrorNote error={failure} />}
        <p>
          <Button type="submit" variant="primary" busy={isSubmitting} disabled={!isDirty}>
            Save draft
          </Button>
        </p>
      </form>
      <Preview values={form.watch()} version={version} />
    </div>
  );
}

/** The card as partners would see it, in the first currency; the last good one while the fields are not. */
function Preview({
  values,
  version,
}: {
  readonly values: PlanValues;
  readonly version: PlanVersion;
}): ReactNode {
  const isGood = planFormSchema.safeParse(values).success;
  const terms = isGood ? termsOf(values, version) : version;
  return (
    <div className="xl:sticky xl:top-20">
      <h2 className="mb-2 text-sm font-medium text-muted">As partners see it</h2>
      <PlanCard plan={terms} currency={Object.keys(terms.prices)[0] ?? 'EUR'} />
    </div>
  );
}

function Prices({ form }: Fields): ReactNode {
  const prices = form.watch('prices');
  const set = (next: PriceValues[]) => form.setValue('prices', next, { shouldDirty: true });
  return (
    <>
      {prices.map((_, index) => (
        <CurrencySection
          // biome-ignore lint/suspicious/noArrayIndexKey: the fields of a currency are known by its place
          key={index}
          form={form}
          index={index}
          onRemove={prices.length > 1 ? () => set(prices.filter((_one, at) => at !== index)) : null}
        />
      ))}
      <p>
        <Button icon={Plus} onClick={() => set([...prices, newPrice('')])}>
          Another currency
        </Button>
      </p>
    </>
  );
}

function CurrencySection({
  form,
  index,
  onRemove,
}: Fields & { readonly index: number; readonly onRemove: (() => void) | null }): ReactNode {
  const { register } = form;
  const { currency = '', model } = form.watch(`prices.${index}`);
  const found = form.formState.errors.prices?.[index];
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
      {isTiered && <Tiers form={form} index={index} />}
    </Section>
  );
}

function Tiers({ form, index }: Fields & { readonly index: number }): ReactNode {
  const { register } = form;
  const tiers = form.watch(`prices.${index}.tiers`);
  const set = (next: TierValues[]) => form.setValue(`prices.${index}.tiers`, next, { shouldDirty: true });
  const found = form.formState.errors.prices?.[index]?.tiers;
  return (
    <div className="mt-4 flex flex-col gap-3">
      {tiers.map((_, tier) => {
        const path = `prices.${index}.tiers.${tier}` as const;
        const isLast = tier === tiers.length - 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the fields of a tier are known by its place
          <div key={tier} className="grid grid-cols-[1fr_1fr_1fr_auto] items-end gap-3">
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
              disabled={tiers.length === 1}
              onClick={() => set(tiers.filter((_one, at) => at !== tier))}
              aria-label={`Remove tier ${tier + 1}`}
            />
          </div>
        );
      })}
      <p>
        <Button size="sm" icon={Plus} onClick={() => set([...tiers, { ...NEW_TIER }])}>
          Add a tier
        </Button>
      </p>
    </div>
  );
}
