import type { ReactNode } from 'react';
import { portal } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { usePerson } from '../session/person.tsx';
import { Button } from '../ui/button.tsx';
import { Moment } from '../ui/moment.tsx';

/** Over every page while a person of GridWorks acts in the name of a partner. */
export function ImpersonationBanner(): ReactNode {
  const { impersonation, partner } = usePerson();
  const end = useAction({
    run: () => portal.impersonations.end(),
    failed: 'The impersonation was not ended',
    // Everything in the page belongs to the session that has ended.
    onDone: () => location.assign(`/admin/partners/${partner?.id ?? ''}`),
  });
  if (!impersonation) return null;
  return (
    <aside
      aria-label="Impersonation"
      className="sticky top-(--bar) z-20 flex flex-wrap items-center gap-x-4 gap-y-1 bg-fail px-4 py-2 text-sm font-medium text-surface"
    >
      <span>
        <span aria-hidden>■ </span>
        You act in the name of {partner?.name}
        {impersonation.access === 'write' ? '' : ' and can only look'}, until{' '}
        <Moment at={impersonation.expires_at} />. The partner sees every call.
      </span>
      <Button className="ms-auto" busy={end.isPending} onClick={() => end.mutate()}>
        End impersonation
      </Button>
    </aside>
  );
}
