import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Moment } from '../ui/moment.tsx';
import { type Status, StatusMark } from '../ui/status-mark.tsx';

const REFETCH_MS = 10_000;
const WORDS: Readonly<Record<string, { readonly status: Status; readonly word: string }>> = {
  healing: { status: 'warn', word: 'Being healed' },
  being_looked_at: { status: 'fail', word: 'A person is on it' },
};

/** Incidents that affect this partner now, at the top of the page; nothing when there is none. */
export function ServiceIncidents(): ReactNode {
  const { data } = useQuery({
    queryKey: ['service-incidents'],
    queryFn: () => api.serviceIncidents.list(),
    refetchInterval: REFETCH_MS,
  });
  const open = data?.data.filter(({ status }) => status !== 'resolved') ?? [];
  if (open.length === 0) return null;
  return (
    <section aria-label="Incidents" className="flex flex-col gap-2">
      {open.map(({ id, title, meaning, status, since }) => (
        <article key={id} className="rounded-3 border border-line bg-surface px-4 py-3 shadow-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StatusMark {...(WORDS[status] ?? { status: 'unknown' as const, word: status })} />
            <h2 className="font-semibold">{title}</h2>
            <span className="text-sm text-faint">
              since <Moment at={since} relative />
            </span>
          </div>
          <p className="mt-1 text-muted">{meaning}</p>
        </article>
      ))}
    </section>
  );
}
