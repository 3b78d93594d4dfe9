import type { Check } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../../api/portal.ts';
import { useAction } from '../../api/use-action.ts';
import { useApiForm } from '../../forms/use-api-form.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { CheckChanges } from './check-changes.tsx';
import { REFRESH } from './words.ts';

const whole = (min: number, max: number) =>
  z.coerce
    .number()
    .check(z.int('A whole number'), z.gte(min, `At least ${min}`), z.lte(max, `At most ${max}`));
const percent = z.coerce.number().check(z.gte(0, 'At least 0'), z.lte(100, 'At most 100'));

/** As in the contract, with shares in percent. */
export const changeSchema = z.object({
  response_time_ms: whole(1, 60_000),
  error_percent: percent,
  success_percent: percent,
  interval_ms: whole(250, 3_600_000),
  reports: z.enum(['as_now', 'yes', 'muted_1', 'muted_8', 'muted_24', 'disabled']),
});
type Values = z.infer<typeof changeSchema>;

const HOUR_MS = 3_600_000;
const MUTED_HOURS = { muted_1: 1, muted_8: 8, muted_24: 24 } as const;

/** The members to send. `as_now` leaves out whether and until when the check is quiet. */
export function changeOf({ reports, ...values }: Values, now: number) {
  const shown = {
    threshold: {
      response_time_ms: values.response_time_ms,
      error_rate: values.error_percent / 100,
      success_rate: values.success_percent / 100,
    },
    interval_ms: values.interval_ms,
  };
  if (reports === 'as_now') return shown;
  if (reports === 'yes') return { ...shown, enabled: true, muted_until: null };
  if (reports === 'disabled') return { ...shown, enabled: false };
  const until = new Date(now + MUTED_HOURS[reports] * HOUR_MS).toISOString();
  return { ...shown, enabled: true, muted_until: until };
}

/** Changes thresholds and interval of a check, disables or mutes it, and shows who changed it before. */
export function ChangeCheckDialog({
  check,
  onClose,
}: {
  readonly check: Check;
  readonly onClose: () => void;
}): ReactNode {
  const { name, about, threshold, interval_ms, interval_bounds: bounds, can_be_muted } = check;
  const mayChange = useMay('checks:write');
  const isQuiet = !check.enabled || check.muted_until !== null;
  const change = useAction({
    run: (values: Values) => api.admin.checks.change({ name, ...changeOf(values, Date.now()) }),
    done: `Check ${name} is changed`,
    refresh: REFRESH,
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<Values>({
    schema: changeSchema,
    defaultValues: {
      response_time_ms: threshold.response_time_ms,
      error_percent: Number((threshold.error_rate * 100).toFixed(3)),
      success_percent: Number((threshold.success_rate * 100).toFixed(3)),
      interval_ms,
      reports: 'as_now',
    },
    onSubmit: (values) => change.mutateAsync(values),
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog
      title={`Check ${name}`}
      onClose={onClose}
      closable={!isSubmitting}
      actions={
        mayChange && (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" busy={isSubmitting} onClick={() => void submit()}>
              Save
            </Button>
          </>
        )
      }
    >
      <p className="text-muted">{about}</p>
      <form noValidate onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Slow from (ms)"
          inputMode="numeric"
          hint="A longer response is degraded."
          error={errors.response_time_ms?.message}
          {...register('response_time_ms')}
        />
        <TextField
          label="Interval (ms)"
          inputMode="numeric"
          hint={`${formatCount(bounds.min_ms)} to ${formatCount(bounds.max_ms)}`}
          error={errors.interval_ms?.message}
          {...register('interval_ms')}
        />
        <TextField
          label="Failing from (% failed)"
          inputMode="decimal"
          hint="Of its last 20 runs."
          error={errors.error_percent?.message}
          {...register('error_percent')}
        />
        <TextField
          label="Degraded below (% passed)"
          inputMode="decimal"
          hint="Of its last 20 runs."
          error={errors.success_percent?.message}
          {...register('success_percent')}
        />
        {can_be_muted ? (
          <SelectField
            label="Reports"
            className="sm:col-span-2"
            options={[
              { value: 'as_now', label: 'As now' },
              ...(isQuiet ? [{ value: 'yes', label: 'Run and report again' }] : []),
              { value: 'muted_1', label: 'Mute for 1 hour' },
              { value: 'muted_8', label: 'Mute for 8 hours' },
              { value: 'muted_24', label: 'Mute for 24 hours' },
              ...(check.enabled ? [{ value: 'disabled', label: 'Disable: do not run it' }] : []),
            ]}
            {...register('reports')}
          />
        ) : (
          <p className="text-sm text-faint sm:col-span-2">
            Healing relies on this check, so that it cannot be muted. A pause stops healing instead.
          </p>
        )}
        {failure !== null && (
          <div className="sm:col-span-2">
            <ErrorNote error={failure} />
          </div>
        )}
      </form>
      <CheckChanges name={name} />
    </Dialog>
  );
}
