import { useQuery } from '@tanstack/react-query';
import { Building2, Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { usePerson } from '../session/person.tsx';
import { actFor } from '../session/session.ts';
import { toastFailed } from '../ui/toasts.tsx';
import { roleNameOf } from './role-words.ts';

export const membershipsQuery = {
  queryKey: ['memberships'],
  queryFn: () => api.memberships.list(),
  staleTime: 60_000,
} as const;

/** The partners of a person with several, to act for another one. Nothing for everybody else. */
export function PartnerSwitch({ itemClass }: { readonly itemClass: string }): ReactNode {
  const { partner, sso } = usePerson();
  // A session of single sign-on acts for its partner only.
  const memberships = useQuery({ ...membershipsQuery, enabled: partner !== null && !sso });
  const rows = memberships.data?.data ?? [];
  if (rows.length < 2) return null;
  return (
    <>
      <p className="px-2.5 pt-1 text-xs font-medium text-faint">Act for</p>
      {rows.map((row) => (
        <button
          key={row.id}
          type="button"
          className={`${itemClass} min-w-0`}
          aria-current={row.current}
          onClick={() => {
            if (row.current) return;
            actFor(row.partner.id).catch((error: unknown) =>
              toastFailed(`You still act for ${partner?.name ?? 'the other partner'}`, error),
            );
          }}
        >
          {row.current ? <Check aria-hidden size={16} /> : <Building2 aria-hidden size={16} />}
          <span className="min-w-0 flex-1 truncate text-start">{row.partner.name}</span>
          <span className="text-xs text-faint">{roleNameOf(row)}</span>
        </button>
      ))}
      <div className="my-1.5 border-t border-line" />
    </>
  );
}
