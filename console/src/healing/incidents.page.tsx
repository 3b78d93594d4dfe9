import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { Cursors } from '../ui/data-table.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
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
  status: z.optional(z.enum(STATES)),
  service: z.optional(z.enum(COMPONENTS)),
  decider: z.optional(z.enum(DECIDERS)),
  /** A day, UTC: incidents that began on it or later. */
  since: z.optional(z.iso.date()),
});
const FIRST_PAGE = { starting_after: undefined, ending_before: undefined };
const ANY = { value: '', label: 'Any' };

export default function IncidentsPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { status, service, decider, since } = search;
  const filters = {
    ...(status ? { status } : {}),
    ...(service ? { service } : {}),
    ...(decider ? { decider } : {}),
    ...(since ? { from: `${since}T00:00:00Z` } : {}),
  };
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
      </PageHeader>
      <form
        className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4"
        onSubmit={(event) => event.preventDefault()}
      >
        <SelectField
          label="State"
          value={status ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, status: event.target.value })}
          options={[ANY, ...STATES.map((value) => ({ value, label: INCIDENT_STATUS[value].word }))]}
        />
        <SelectField
          label="Component"
          value={service ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, service: event.target.value })}
          options={[ANY, ...COMPONENTS.map((value) => ({ value, label: value }))]}
        />
        <SelectField
          label="Decided by"
          value={decider ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, decider: event.target.value })}
          options={[ANY, ...DECIDERS.map((value) => ({ value, label: DECIDER[value] }))]}
        />
        <TextField
          label="Since"
          type="date"
          value={since ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, since: event.target.value })}
        />
      </form>
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
