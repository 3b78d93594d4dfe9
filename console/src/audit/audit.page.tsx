import { type ReactNode, useEffect } from 'react';
import { api } from '../api/portal.ts';
import { queryClient } from '../api/query-client.ts';
import { keepLive } from '../live/live-queries.ts';
import { usePerson } from '../session/person.tsx';
import { AuditLog } from './audit-log.tsx';
import { PARTNER_ACTION_WORDS } from './words.ts';

export default function AuditPage(): ReactNode {
  // Support that acts in the name of a partner does not follow it: each look of theirs is itself an entry.
  const follows = !usePerson().impersonation;
  useEffect(() => (follows ? keepLive(queryClient, '/v1/events') : undefined), [follows]);
  return (
    <AuditLog
      title="Audit log"
      words={PARTNER_ACTION_WORDS}
      exportPath="/v1/audit-export"
      load={(query) => api.audit.list(query)}
    >
      Everything that was done in the name of your company, by people, keys and GridWorks. An entry is never
      changed or deleted.
    </AuditLog>
  );
}
