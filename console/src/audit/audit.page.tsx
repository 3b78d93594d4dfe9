import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { AuditLog } from './audit-log.tsx';
import { PARTNER_ACTION_WORDS } from './words.ts';

export default function AuditPage(): ReactNode {
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
