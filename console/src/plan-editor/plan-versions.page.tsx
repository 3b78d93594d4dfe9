import { Plus, Tags } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { CURSORS, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { INTERVALS } from '../billing/subscription-words.ts';
import { FormDialog } from '../forms/form.dialog.tsx';
import { go, Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { NEW_PLAN, type PlanVersion, termsOf } from './plan-form-values.ts';
import { VERSION_STATUSES } from './version-words.ts';

const search = z.object(CURSORS);

/** Every version of every plan: what is sold, what was, and what is drafted. */
export default function PlanVersionsPage(): ReactNode {
  const [cursors, setSearch] = usePageSearch(search);
  const mayWrite = useMay('plans:write');
  const [isOpen, setOpen] = useState(false);
  const list = useCursorList<PlanVersion>({
    queryKey: ['plan-versions', 'all'],
    search: cursors,
    setSearch,
    load: (cursor) => api.admin.planVersions.list({ limit: 25, ...cursor }),
  });
  return (
    <>
      <PageHeader
        title="Plans"
        actions={
          mayWrite && (
            <Button variant="primary" icon={Plus} onClick={() => setOpen(true)}>
              New plan
            </Button>
          )
        }
      >
        A published version never changes, and partners keep the one that they have. A change is the next
        version.
      </PageHeader>
      <Panel query={list.query} flush lines={8}>
        {({ data }) => (
          <>
            <DataTable
              caption="Plan versions"
              columns={COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              faded={({ status }) => status === 'retired'}
              empty={<EmptyState icon={Tags} title="No plan yet" />}
            />
            <Cursors what="versions" onPrevious={list.onPrevious} onNext={list.onNext} />
          </>
        )}
      </Panel>
      {isOpen && <NewPlanDialog onClose={() => setOpen(false)} />}
    </>
  );
}

const COLUMNS: readonly Column<PlanVersion>[] = [
  {
    key: 'plan',
    label: 'Plan',
    className: 'w-full',
    cell: ({ id, name, plan, version }) => (
      <>
        <Link to={`/admin/plans/${id}`} className="font-medium hover:underline">
          {name}
        </Link>{' '}
        <span className="text-sm whitespace-nowrap text-muted">
          {plan}, version {version}
        </span>
      </>
    ),
  },
  { key: 'status', label: 'Status', cell: ({ status }) => <StatusMark {...VERSION_STATUSES[status]} /> },
  {
    key: 'price',
    label: 'Price',
    from: 'sm',
    cell: ({ prices, interval }) => {
      const [first] = Object.entries(prices);
      if (!first) return '–';
      const [currency, { recurring_amount }] = first;
      const more = Object.keys(prices).length - 1;
      return (
        <span className="whitespace-nowrap">
          {formatMoney(recurring_amount, currency)} {INTERVALS[interval]}
          {more > 0 && <span className="text-sm text-muted"> and {more} more</span>}
        </span>
      );
    },
  },
  {
    key: 'published',
    label: 'Published',
    from: 'md',
    cell: ({ published_at }) => (published_at === null ? '–' : <Moment at={published_at} precision="day" />),
  },
];

const newPlanSchema = z.object({
  plan: z
    .string()
    .check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, 'Small letters, digits and hyphens, such as growth-yearly')),
  name: z.string().check(z.trim(), z.minLength(1, 'A name'), z.maxLength(60, 'At most 60 characters')),
});

function NewPlanDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <FormDialog
      title="New plan"
      action="Draft plan"
      schema={newPlanSchema}
      defaultValues={{ plan: '', name: '' }}
      run={({ plan, name }) =>
        api.admin.planVersions.create({
          ...termsOf({ ...NEW_PLAN, name, description: `The plan ${name}.` }),
          plan,
        })
      }
      done="Plan drafted"
      refresh={[['plan-versions']]}
      onDone={({ id }) => go(`/admin/plans/${id}`)}
      onClose={onClose}
    >
      {({ register, formState: { errors } }) => (
        <>
          <p className="text-muted">Nobody sees a draft. Its prices and limits come next.</p>
          <TextField label="Name" error={errors.name?.message} {...register('name')} />
          <TextField
            label="Id"
            hint="The same for all versions; it never changes. Programs name the plan by it."
            error={errors.plan?.message}
            {...register('plan')}
          />
        </>
      )}
    </FormDialog>
  );
}
