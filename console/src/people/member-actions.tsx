import { Crown, Pencil, UserMinus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { usePerson } from '../session/person.tsx';
import { SESSION_KEY, useMay } from '../session/session.ts';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import { ChangeRoleDialog } from './change-role.dialog.tsx';
import type { MemberRow } from './team.page.tsx';

const REFRESHED = [['members'], ['roles'], SESSION_KEY] as const;

/** What may be done with a member. The API refuses what is above the own role. */
export function MemberActions({ member }: { readonly member: MemberRow }): ReactNode {
  const [open, setOpen] = useState<'role' | 'remove' | 'owner' | null>(null);
  const close = () => setOpen(null);
  const { user, role: myRole } = usePerson();
  const mayTransfer = useMay('ownership:write');
  const name = member.name ?? member.email;
  const isMe = member.user_id === user.id;
  const remove = useAction({
    run: () => api.members.remove({ id: member.id }),
    done: `${name} is removed`,
    refresh: REFRESHED,
  });
  const transfer = useAction({
    run: () => api.ownerships.transfer({ member_id: member.id }),
    done: `${name} is the owner now`,
    refresh: REFRESHED,
  });
  if (member.role === 'owner' && myRole !== 'owner') return null;
  return (
    <>
      <Menu
        label={`Actions for ${name}`}
        items={[
          { label: 'Change role', icon: Pencil, onSelect: () => setOpen('role') },
          ...(mayTransfer && !isMe && member.role !== 'owner'
            ? [{ label: 'Make the owner', icon: Crown, onSelect: () => setOpen('owner') }]
            : []),
          ...(isMe
            ? []
            : [{ label: 'Remove', icon: UserMinus, danger: true, onSelect: () => setOpen('remove') }]),
        ]}
      />
      {open === 'role' && <ChangeRoleDialog member={member} onClose={close} />}
      {open === 'remove' && (
        <ConfirmDialog
          danger
          title={`Remove ${name}`}
          action="Remove"
          onConfirm={() => remove.mutateAsync()}
          onClose={close}
        >
          <p>
            {name} is logged out of this partner at once, and gets a mail. Keys that {name} made stay: they
            belong to the partner.
          </p>
        </ConfirmDialog>
      )}
      {open === 'owner' && (
        <ConfirmDialog
          danger
          title={`Make ${name} the owner`}
          action="Hand over"
          onConfirm={() => transfer.mutateAsync()}
          onClose={close}
        >
          <p>
            {name} becomes the owner, and you become an admin. Only {name} can undo this.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
