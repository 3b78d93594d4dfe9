import { Pencil, UserMinus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField } from '../ui/field.tsx';
import { Menu } from '../ui/menu.tsx';
import { PLATFORM_ROLE_CHOICE, type PlatformRole } from './platform-roles.ts';

interface PlatformPersonProps {
  readonly id: string;
  readonly email: string;
  readonly role: PlatformRole;
}

/** Another role of the platform for a person of GridWorks, or none. */
export function PlatformPersonActions({ id, email, role }: PlatformPersonProps): ReactNode {
  const [open, setOpen] = useState<'role' | 'remove' | null>(null);
  const [chosen, setChosen] = useState<PlatformRole>(role);
  const close = () => setOpen(null);
  const change = useAction({
    run: (platform_role: PlatformRole | null) => api.admin.platformRoles.change({ id, platform_role }),
    done: `The role of ${email} is changed`,
    refresh: [['users']],
    onDone: close,
  });
  return (
    <>
      <Menu
        label={`Actions for ${email}`}
        items={[
          { label: 'Change role', icon: Pencil, onSelect: () => setOpen('role') },
          { label: 'Take the role', icon: UserMinus, danger: true, onSelect: () => setOpen('remove') },
        ]}
      />
      {open === 'role' && (
        <Dialog title={`Role of ${email}`} onClose={close}>
          <div className="flex flex-col gap-4">
            <SelectField
              label="Role"
              hint="All sessions of the person end."
              options={PLATFORM_ROLE_CHOICE}
              value={chosen}
              onChange={(event) => setChosen(event.target.value as PlatformRole)}
            />
            {change.error && <ErrorNote error={change.error} />}
            <div className="flex justify-end gap-2">
              <Button onClick={close}>Cancel</Button>
              <Button variant="primary" busy={change.isPending} onClick={() => change.mutate(chosen)}>
                Change role
              </Button>
            </div>
          </div>
        </Dialog>
      )}
      {open === 'remove' && (
        <ConfirmDialog
          danger
          title={`Take the role of ${email}`}
          action="Take the role"
          onConfirm={() => change.mutateAsync(null)}
          onClose={close}
        >
          <p>The person is logged out at once, and may do nothing on the platform any more.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
