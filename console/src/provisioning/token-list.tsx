import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import type { ScimToken } from './provisioning-schemas.ts';

const isOver = ({ expires_at }: ScimToken): boolean => Date.parse(expires_at) <= Date.now();

/** The tokens of the partner's directories, with their last use. */
export function TokenList({
  tokens,
  mayManage,
}: {
  readonly tokens: readonly ScimToken[];
  readonly mayManage: boolean;
}): ReactNode {
  const [revoked, setRevoked] = useState<ScimToken | null>(null);
  return (
    <>
      <DataTable
        caption="SCIM tokens"
        columns={columnsOf(mayManage ? setRevoked : null)}
        rows={tokens}
        keyOf={({ id }) => id}
        faded={(token) => token.revoked_at !== null || isOver(token)}
      />
      {revoked && <RevokeDialog token={revoked} onClose={() => setRevoked(null)} />}
    </>
  );
}

function columnsOf(onRevoke: ((token: ScimToken) => void) | null): readonly Column<ScimToken>[] {
  return [
    {
      key: 'name',
      label: 'Name',
      className: 'w-full',
      cell: ({ name, last4 }) => (
        <>
          <span className="font-medium wrap-anywhere">{name}</span>
          <span className="block text-sm text-muted">ends in {last4}</span>
        </>
      ),
    },
    {
      key: 'state',
      label: 'State',
      cell: (token) => {
        if (token.revoked_at) return <StatusMark status="unknown" word="revoked" />;
        return isOver(token) ? (
          <StatusMark status="fail" word="ended" />
        ) : (
          <StatusMark status="pass" word="valid" />
        );
      },
    },
    {
      key: 'used',
      label: 'Last used',
      from: 'sm',
      cell: ({ last_used_at: at }) => (at ? <Moment at={at} /> : <span className="text-faint">never</span>),
    },
    { key: 'until', label: 'Until', from: 'md', cell: ({ expires_at: at }) => <Moment at={at} /> },
    {
      key: 'actions',
      label: 'Actions',
      hideLabel: true,
      end: true,
      cell: (token) =>
        onRevoke &&
        !token.revoked_at &&
        !isOver(token) && <Button onClick={() => onRevoke(token)}>Revoke</Button>,
    },
  ];
}

function RevokeDialog({
  token,
  onClose,
}: {
  readonly token: ScimToken;
  readonly onClose: () => void;
}): ReactNode {
  const revoke = useAction({
    run: () => api.scimTokens.revoke({ id: token.id }),
    done: `“${token.name}” is revoked`,
    refresh: [['scim-tokens']],
  });
  return (
    <ConfirmDialog
      danger
      title={`Revoke “${token.name}”`}
      action="Revoke token"
      onConfirm={() => revoke.mutateAsync()}
      onClose={onClose}
    >
      <p>The directory that uses it is shut out at once. The people that it provisioned stay.</p>
      <p>Last used: {token.last_used_at ? <Moment at={token.last_used_at} /> : 'never'}.</p>
    </ConfirmDialog>
  );
}
