import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { PlanCard } from '../billing/plan-card.tsx';
import { go, Link, useParam } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { PlanForm } from './plan-form.tsx';
import type { PlanVersion } from './plan-form-values.ts';
import { VERSION_STATUSES } from './version-words.ts';

const REFRESH = [['plan-versions'], ['plans']] as const;

/** One version of a plan: a draft is edited, what is published is shown. */
export default function PlanVersionPage(): ReactNode {
  const id = useParam('id');
  const version = useQuery({
    queryKey: ['plan-versions', 'one', id],
    queryFn: () => api.admin.planVersions.get({ id }),
  });
  const mayWrite = useMay('plans:write');
  return (
    <Loaded query={version} lines={12}>
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            back={<Link to="/admin/plans">Plans</Link>}
            actions={mayWrite && <Actions version={data} />}
          >
            <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
              {data.plan}, version {data.version} <StatusMark {...VERSION_STATUSES[data.status]} />
            </span>
          </PageHeader>
          {data.status === 'draft' && mayWrite ? (
            <PlanForm key={data.id} version={data} />
          ) : (
            <Shown version={data} />
          )}
        </>
      )}
    </Loaded>
  );
}

/** As partners see it, in each currency. */
function Shown({ version }: { readonly version: PlanVersion }): ReactNode {
  return (
    <ul className="grid grid-cols-1 gap-4 md:grid-cols-2 xl:grid-cols-3">
      {Object.keys(version.prices).map((currency) => (
        <li key={currency}>
          <PlanCard plan={version} currency={currency} note={currency} />
        </li>
      ))}
    </ul>
  );
}

type Open = 'publish' | 'retire' | 'remove' | null;

function Actions({ version }: { readonly version: PlanVersion }): ReactNode {
  const { id, plan, name, status } = version;
  const [open, setOpen] = useState<Open>(null);
  const next = useAction({
    run: () => {
      const { description, interval, trial_days, prices, limits, features } = version;
      return api.admin.planVersions.create({
        ...{ plan, name, description, interval, trial_days, prices, limits, features },
      });
    },
    done: 'Next version drafted',
    failed: 'No version was drafted',
    refresh: REFRESH,
    onDone: (draft) => go(`/admin/plans/${draft.id}`),
  });
  const publish = useAction({
    run: () => api.admin.planVersions.publish({ id }),
    done: `${name} is offered`,
    refresh: REFRESH,
  });
  const retire = useAction({
    run: () => api.admin.planVersions.retire({ id }),
    done: `${name} is retired`,
    refresh: REFRESH,
  });
  const remove = useAction({
    run: () => api.admin.planVersions.remove({ id }),
    done: 'Draft removed',
    refresh: REFRESH,
    onDone: () => go('/admin/plans'),
  });
  const onClose = () => setOpen(null);
  return (
    <>
      {status === 'draft' ? (
        <>
          <Button onClick={() => setOpen('remove')}>Remove draft</Button>
          <Button variant="primary" onClick={() => setOpen('publish')}>
            Publish
          </Button>
        </>
      ) : (
        <>
          {status === 'published' && <Button onClick={() => setOpen('retire')}>Retire</Button>}
          <Button variant="primary" busy={next.isPending} onClick={() => next.mutate()}>
            Draft next version
          </Button>
        </>
      )}
      {open === 'publish' && (
        <ConfirmDialog
          title={`Publish ${name}`}
          action="Publish"
          onConfirm={() => publish.mutateAsync()}
          onClose={onClose}
        >
          <p>
            Everybody is offered it from now on, in place of the version before. It never changes again. What
            was saved is published: save your changes first.
          </p>
        </ConfirmDialog>
      )}
      {open === 'retire' && (
        <ConfirmDialog
          danger
          title={`Retire ${name}`}
          action="Retire"
          onConfirm={() => retire.mutateAsync()}
          onClose={onClose}
        >
          <p>Nobody is offered it any more. Partners that have it keep it.</p>
        </ConfirmDialog>
      )}
      {open === 'remove' && (
        <ConfirmDialog
          danger
          title="Remove the draft"
          action="Remove"
          onConfirm={() => remove.mutateAsync()}
          onClose={onClose}
        >
          <p>Nobody has seen it. It cannot be brought back.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
