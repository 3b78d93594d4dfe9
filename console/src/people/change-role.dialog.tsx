import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { SESSION_KEY } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField } from '../ui/field.tsx';
import { useRoleChoice } from './role-choice.ts';
import type { MemberRow } from './team.page.tsx';

type Given = Parameters<typeof api.members.changeRole>[0]['role'];

export function ChangeRoleDialog({
  member,
  onClose,
}: {
  readonly member: MemberRow;
  readonly onClose: () => void;
}): ReactNode {
  const [role, setRole] = useState<string>(member.custom_role?.id ?? member.role);
  const choice = useRoleChoice();
  const change = useAction({
    run: () => api.members.changeRole({ id: member.id, role: role as Given }),
    done: 'Role changed',
    refresh: [['members'], ['roles'], SESSION_KEY],
    onDone: onClose,
  });
  return (
    <Dialog title={`Role of ${member.name ?? member.email}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <SelectField
          label="Role"
          hint="It holds within a second, for open sessions, too. The person gets a mail."
          options={choice}
          value={role}
          onChange={(event) => setRole(event.target.value)}
        />
        {change.error && <ErrorNote error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={change.isPending}>
            Change role
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
