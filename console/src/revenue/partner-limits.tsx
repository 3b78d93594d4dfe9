import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { FormDialog } from '../forms/form.dialog.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { reasonField } from './reason-field.ts';

const NEWEST = 25;
const REFRESH = [['limits']] as const;
const NAMES = { burst: 'Calls a minute', daily: 'Calls a day' } as const;
type Override = Awaited<ReturnType<Api['admin']['limitOverrides']['list']>>['data'][number];

const COLUMNS: readonly Column<Override>[] = [
  {
    key: 'name',
    label: 'Limit',
    className: 'w-full',
    cell: ({ name, quota, reason }) => (
      <>
        <span className="font-medium">
          {formatCount(quota)} {NAMES[name].toLowerCase()}
        </span>
        <span className="block text-sm break-words text-muted">{reason}</span>
      </>
    ),
  },
  {
    key: 'expires',
    label: 'Until',
    from: 'sm',
    cell: ({ expires_at }) => (expires_at === null ? 'removed' : <Moment at={expires_at} />),
  },
  {
    key: 'status',
    label: 'Status',
    cell: ({ in_force }) =>
      in_force ? (
        <StatusMark status="pass" word="In force" />
      ) : (
        <StatusMark status="unknown" word="Expired" />
      ),
  },
];

/** The limits of a partner that differ from its plan; admins set and remove them. */
export function PartnerLimits({ id }: { readonly id: string }): ReactNode {
  const limits = useQuery({
    queryKey: ['limits', 'of partner', id],
    queryFn: () => api.admin.limitOverrides.list({ id, limit: NEWEST }),
  });
  const mayWrite = useMay('limits:write');
  const [isOpen, setOpen] = useState(false);
  const [removed, setRemoved] = useState<Override | null>(null);
  const remove = useAction({
    run: (name: Override['name']) => api.admin.limitOverrides.remove({ id, name }),
    done: 'The limit of the plan holds again',
    refresh: REFRESH,
  });
  const act = {
    key: 'act',
    label: 'Action',
    hideLabel: true,
    end: true,
    cell: (override: Override) =>
      override.in_force && (
        <Button size="sm" variant="ghost" onClick={() => setRemoved(override)}>
          Remove
        </Button>
      ),
  } as const;
  return (
    <Panel
      query={limits}
      title="Limits in place of the plan’s"
      flush
      lines={3}
      actions={
        mayWrite && (
          <Button size="sm" icon={Plus} onClick={() => setOpen(true)}>
            Set a limit
          </Button>
        )
      }
    >
      {({ data }) => (
        <>
          {data.length === 0 ? (
            <p className="px-4 pb-4 text-muted">None: the limits of the plan hold.</p>
          ) : (
            <DataTable
              caption="Limits"
              columns={mayWrite ? [...COLUMNS, act] : COLUMNS}
              rows={data}
              keyOf={(override) => override.id}
              faded={({ in_force }) => !in_force}
            />
          )}
          {isOpen && <SetLimitDialog id={id} onClose={() => setOpen(false)} />}
          {removed && (
            <ConfirmDialog
              title={`Remove the limit of ${NAMES[removed.name].toLowerCase()}`}
              action="Remove"
              onConfirm={() => remove.mutateAsync(removed.name)}
              onClose={() => setRemoved(null)}
            >
              <p>The limit of the plan holds again within a second.</p>
            </ConfirmDialog>
          )}
        </>
      )}
    </Panel>
  );
}

const limitSchema = z.object({
  name: z.enum(['burst', 'daily']),
  quota: z.string().check(
    z.trim(),
    z.refine((text) => /^[1-9]\d{0,8}$/.test(text), 'A whole number from 1 on'),
  ),
  expires: z.string(),
  reason: reasonField,
});

function SetLimitDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  return (
    <FormDialog
      title="Set a limit"
      action="Set limit"
      schema={limitSchema}
      defaultValues={{ name: 'burst' as const, quota: '', expires: '', reason: '' }}
      run={({ name, quota, expires, reason }) =>
        api.admin.limitOverrides.set({
          ...{ id, name, quota: Number(quota), reason },
          // The whole day is included.
          expires_at: expires === '' ? null : new Date(Date.parse(expires) + 86_400_000).toISOString(),
        })
      }
      done="The limit holds within a second"
      refresh={REFRESH}
      onClose={onClose}
    >
      {({ register, formState: { errors } }) => (
        <>
          <SelectField
            label="Limit"
            options={Object.entries(NAMES).map(([value, label]) => ({ value, label }))}
            {...register('name')}
          />
          <TextField
            label="Calls"
            inputMode="numeric"
            autoComplete="off"
            error={errors.quota?.message}
            {...register('quota')}
          />
          <TextField
            label="Until"
            type="date"
            hint="The last day, UTC. Empty: until it is removed."
            error={errors.expires?.message}
            {...register('expires')}
          />
          <TextField
            label="Reason"
            hint="Kept in the audit log, which the partner can read."
            error={errors.reason?.message}
            {...register('reason')}
          />
        </>
      )}
    </FormDialog>
  );
}
