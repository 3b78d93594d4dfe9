import { useQueryClient } from '@tanstack/react-query';
import { RefreshCw, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Moment } from '../ui/moment.tsx';
import { type Status, StatusMark } from '../ui/status-mark.tsx';
import type { Domain } from './domain-schemas.ts';

const STATES: Readonly<Record<Domain['status'], { status: Status; word: string }>> = {
  pending: { status: 'unknown', word: 'Not verified yet' },
  verified: { status: 'pass', word: 'Verified' },
  failing: { status: 'warn', word: 'Record is gone' },
  lapsed: { status: 'fail', word: 'No longer verified' },
};
const GRACE_DAYS = 7;

/** One domain: its state, what to do, and the record to publish. */
export function DomainItem({
  domain,
  onRemove,
}: {
  readonly domain: Domain;
  /** Null for who may only look. */
  readonly onRemove: (() => void) | null;
}): ReactNode {
  const client = useQueryClient();
  const verify = useAction({
    run: () => api.domains.verify({ id: domain.id }),
    done: `${domain.domain} is verified`,
    onDone: () => void client.invalidateQueries({ queryKey: ['domains'] }),
  });
  const { status, word } = STATES[domain.status];
  return (
    <li className="flex flex-col gap-3 px-4 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="font-semibold wrap-anywhere">{domain.domain}</h3>
          <StatusMark status={status} word={word} />
        </div>
        {onRemove && (
          <div className="flex gap-2">
            <Button
              icon={RefreshCw}
              busy={verify.isPending}
              variant={domain.status === 'verified' ? 'secondary' : 'primary'}
              onClick={() => verify.mutate()}
            >
              {domain.status === 'verified' ? 'Check now' : 'Verify now'}
            </Button>
            <Button icon={Trash2} aria-label={`Remove ${domain.domain}`} onClick={onRemove}>
              Remove
            </Button>
          </div>
        )}
      </div>
      <p className="text-sm text-muted">
        <WhatToDo domain={domain} />
      </p>
      <dl className="grid items-center gap-x-4 gap-y-1 rounded-2 bg-sunken px-3 py-2 text-sm sm:grid-cols-[auto_1fr]">
        <dt className="text-muted">Type</dt>
        <dd>TXT</dd>
        <dt className="text-muted">Name</dt>
        <dd className="min-w-0">
          <CopyableText text={domain.record.name} what="Name of the record" />
        </dd>
        <dt className="text-muted">Value</dt>
        <dd className="min-w-0">
          <CopyableText text={domain.record.value} what="Value of the record" />
        </dd>
      </dl>
      {verify.error && <ErrorNote error={verify.error} />}
    </li>
  );
}

function WhatToDo({ domain }: { readonly domain: Domain }): ReactNode {
  const { status, verified_at: verified, last_checked_at: checked, failed_since: failed } = domain;
  switch (status) {
    case 'pending':
      return 'Publish this record with the provider of your DNS, then verify. A new record can take some minutes.';
    case 'verified':
      return (
        <>
          Since {verified && <Moment at={verified} />}. Leave the record in place: it is looked at once a day,
          last {checked && <Moment at={checked} />}.
        </>
      );
    case 'failing':
      return (
        <>
          The record is missing since {failed && <Moment at={failed} />}. Publish it again: after {GRACE_DAYS}{' '}
          days the domain is no longer verified.
        </>
      );
    case 'lapsed':
      return 'The record was missing for a week. Publish it again, then verify.';
  }
}
