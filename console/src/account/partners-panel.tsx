import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { membershipsQuery } from '../people/partner-switch.tsx';
import { roleNameOf } from '../people/role-words.ts';
import { actFor, SESSION_KEY } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { toastFailed } from '../ui/toasts.tsx';

type MembershipRow = Awaited<ReturnType<Api['memberships']['list']>>['data'][number];
const LONGEST_NAME = 120;
const nameSchema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Enter the name of the company'),
      z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
    ),
});

/** The partners that the person belongs to. */
export function PartnersPanel(): ReactNode {
  const memberships = useQuery(membershipsQuery);
  const [isAdding, setAdding] = useState(false);
  return (
    <Panel
      query={memberships}
      title="Your partners"
      flush
      lines={2}
      actions={
        <Button size="sm" onClick={() => setAdding(true)}>
          Register another
        </Button>
      }
    >
      {({ data }) => (
        <>
          <DataTable
            caption="Your partners"
            columns={COLUMNS}
            rows={data}
            keyOf={({ id }) => id}
            empty={
              <EmptyState title="You belong to no partner">
                Register one, or ask its owner for an invitation.
              </EmptyState>
            }
          />
          {isAdding && <AddDialog onClose={() => setAdding(false)} />}
        </>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<MembershipRow>[] = [
  {
    key: 'partner',
    label: 'Partner',
    className: 'w-full',
    cell: ({ partner, current }) => (
      <>
        <span className="font-medium">{partner.name}</span> {current && <Tag tone="accent">this one</Tag>}
      </>
    ),
  },
  { key: 'role', label: 'Role', className: 'whitespace-nowrap', cell: roleNameOf },
  {
    key: 'since',
    label: 'Since',
    from: 'md',
    cell: ({ joined_at }) => <Moment at={joined_at} precision="day" />,
  },
  {
    key: 'actions',
    label: 'Actions',
    hideLabel: true,
    end: true,
    cell: (row) => (
      <div className="flex justify-end gap-2">
        {!row.current && (
          <Button
            size="sm"
            onClick={() =>
              void actFor(row.partner.id).catch((error: unknown) => toastFailed('Nothing was changed', error))
            }
          >
            Act for it
          </Button>
        )}
        <LeaveButton membership={row} />
      </div>
    ),
  },
];

function LeaveButton({ membership: { id, partner } }: { readonly membership: MembershipRow }): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const leave = useAction({
    run: () => api.memberships.leave({ id }),
    done: `You left ${partner.name}`,
    refresh: [membershipsQuery.queryKey, SESSION_KEY],
  });
  return (
    <>
      <Button size="sm" onClick={() => setAsked(true)}>
        Leave
      </Button>
      {isAsked && (
        <ConfirmDialog
          danger
          title={`Leave ${partner.name}`}
          action="Leave"
          onConfirm={() => leave.mutateAsync()}
          onClose={() => setAsked(false)}
        >
          <p>Your sessions for it end at once. Keys that you made stay: they belong to the partner.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function AddDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { register, submit, failure, formState } = useApiForm({
    schema: nameSchema,
    defaultValues: { name: '' },
    onSubmit: async ({ name }) => {
      const { partner } = await api.memberships.create({ name });
      await actFor(partner.id);
    },
  });
  return (
    <Dialog title="Register another partner" onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Company"
          autoFocus
          hint="You become its owner. It has keys, usage and bills of its own."
          error={formState.errors.name?.message}
          {...register('name')}
        />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={formState.isSubmitting}>
            Register
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
