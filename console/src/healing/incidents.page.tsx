import type { Incident } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { Cursors } from '../ui/data-table.tsx';
import { TextField } from '../ui/field.tsx';
import { Filter, wordsOf } from '../ui/filter.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { IncidentList } from './incident-list.tsx';
import { DECIDER, INCIDENT_STATUS } from './words.ts';

const STATES = ['open', 'acting', 'verifying', 'resolved', 'escalated'] as const;
const COMPONENTS = [
  'gateway',
  'auth',
  'billing',
  'support',
  'monitor',
  'healer',
  'postgres',
  'nats',
  'redis',
] as const;
const DECIDERS = ['pattern', 'rule', 'playbook', 'model', 'human'] as const;
const searchSchema = z.object({
  ...CURSORS,
  status: z.optional(z.enum([...STATES, 'unresolved'])),
  service: z.optional(z.enum(COMPONENTS)),
  decider: z.optional(z.enum(DECIDERS)),
  /** A UTC day: incidents that began on this day or later. */
  since: z.optional(z.iso.date()),
  /** Of the cause, as links from other pages have it. */
  signal: z.optional(z.string().check(z.regex(/^[a-z-]+\.[a-z-]+$/))),
});
const STATE_WORDS = { unresolved: 'Not resolved', ...wordsOf(INCIDENT_STATUS) };
const COMPONENT_WORDS = Object.fromEntries(COMPONENTS.map((name) => [name, name])) as Record<
  (typeof COMPONENTS)[number],
  string
>;
const { none: _, ...DECIDER_WORDS } = DECIDER;

export default function IncidentsPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { status, service, decider, since, signal } = search;
  const filters = {
    ...(status ? { status } : {}),
    ...(service ? { service } : {}),
    ...(decider ? { decider } : {}),
    ...(since ? { from: `${since}T00:00:00Z` } : {}),
    ...(signal ? { signal: signal as Incident['cause']['signal'] } : {}),
  };
  const filter = (name: 'status' | 'service' | 'decider' | 'since') => (value: string | undefined) =>
    setSearch({ ...FIRST_PAGE, [name]: value });
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['incidents', 'list', filters],
    search,
    setSearch,
    load: (cursor) => api.admin.incidents.list({ limit: 50, ...filters, ...cursor }),
    live: true,
  });
  return (
    <>
      <PageHeader title="Incidents" back={<Link to="/admin/healing">Healing</Link>}>
        One incident for one cause, newest first.
        {signal && (
          <>
            {' '}
            With the signal <code>{signal}</code> only.{' '}
            <button
              type="button"
              className="link"
              onClick={() => setSearch({ ...FIRST_PAGE, signal: undefined })}
            >
              Show all
            </button>
          </>
        )}
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-end gap-2">
        <Filter label="State" value={status} options={STATE_WORDS} onChange={filter('status')} />
        <Filter label="Component" value={service} options={COMPONENT_WORDS} onChange={filter('service')} />
        <Filter label="Decided by" value={decider} options={DECIDER_WORDS} onChange={filter('decider')} />
        <TextField
          label="Since"
          type="date"
          value={since ?? ''}
          onChange={(event) => filter('since')(event.target.value)}
        />
      </div>
      <Panel query={query} flush lines={10}>
        {({ data }) => (
          <>
            <IncidentList incidents={data} empty="No incident fits" />
            <Cursors what="incidents" onPrevious={onPrevious} onNext={onNext} />
          </>
        )}
      </Panel>
    </>
  );
}
