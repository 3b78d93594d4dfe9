import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { AuditLog } from './audit-log.tsx';
import { ACTION_WORDS } from './words.ts';

export default function AdminAuditPage(): ReactNode {
  return (
    <AuditLog
      title="Audit"
      ofAll
      words={ACTION_WORDS}
      exportPath="/v1/admin/audit-export"
      load={(query) => api.admin.audit.listAll(query)}
    >
      What was done in the name of every partner and of GridWorks. Each partner has a chain of hashes, which{' '}
      <code>npm run audit -- verify</code> checks.
    </AuditLog>
  );
}
