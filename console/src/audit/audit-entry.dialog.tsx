import type { AuditEntry } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { CopyableText } from '../ui/copyable-text.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { ACTION_WORDS, actorWords, type Change, changesOf } from './words.ts';

/** One entry, with what changed. */
export function AuditEntryDialog({
  entry,
  onClose,
}: {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
}): ReactNode {
  const { actor } = entry;
  const changes = changesOf(entry);
  return (
    <Dialog title={ACTION_WORDS[entry.action]} wide onClose={onClose}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="At">
          <Moment at={entry.at} precision="second" relative />
        </Fact>
        <Fact name="Outcome">
          <Outcome entry={entry} />
        </Fact>
        <Fact name="By">
          <span className="wrap-anywhere">{actorWords(actor)}</span>
          {actor.role !== 'none' && <span className="text-muted"> ({actor.role})</span>}
        </Fact>
        {actor.impersonator && (
          <Fact name="In fact">
            <span className="wrap-anywhere">{actor.impersonator}</span>{' '}
            <span className="text-muted">of GridWorks, in the name of the partner</span>
          </Fact>
        )}
        {entry.object_id && (
          <Fact name="Object">
            <CopyableText text={entry.object_id} what="object id" />
          </Fact>
        )}
        <Fact name="From">
          {entry.network ?? 'unknown network'}
          {entry.user_agent && (
            <span className="block text-sm wrap-anywhere text-muted">{entry.user_agent}</span>
          )}
        </Fact>
        <Fact name="Request">
          <CopyableText text={entry.request_id} what="request id" />
        </Fact>
      </dl>
      {changes.length > 0 && (
        <DataTable
          caption="What changed"
          columns={[
            { key: 'member', label: 'Member', cell: ({ member }: Change) => <code>{member}</code> },
            {
              key: 'before',
              label: 'Before',
              className: 'wrap-anywhere',
              cell: ({ before }: Change) => before ?? <Nothing />,
            },
            {
              key: 'after',
              label: 'After',
              className: 'wrap-anywhere',
              cell: ({ after }: Change) => after ?? <Nothing />,
            },
          ]}
          rows={changes}
          keyOf={({ member }) => member}
        />
      )}
      <p className="text-sm text-muted">
        Entry {formatCount(entry.sequence)} of the chain <span className="wrap-anywhere">{entry.chain}</span>,
        recorded <Moment at={entry.recorded_at} precision="second" />. Its hash covers this entry and the one
        before: <code className="wrap-anywhere">{entry.hash}</code>
      </p>
    </Dialog>
  );
}

/** Whether the act was done. */
export function Outcome({ entry }: { readonly entry: AuditEntry }): ReactNode {
  return entry.outcome === 'done' ? (
    <StatusMark status="pass" word="done" />
  ) : (
    <StatusMark status="warn" word="refused" />
  );
}

const Nothing = (): ReactNode => <span className="text-faint">–</span>;

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
