import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { PartnerSwitch } from '../people/partner-switch.tsx';
import { usePerson } from '../session/person.tsx';
import { logOut } from '../session/session.ts';
import { toastFailed } from '../ui/toasts.tsx';
import { Choice } from './choice.tsx';

const ITEM =
  'flex h-8 w-full items-center gap-2.5 rounded-2 px-2.5 text-md text-text no-underline hover:bg-hover max-lg:h-10';
const THEMES = [
  ['light', 'Light', Sun],
  ['dark', 'Dark', Moon],
  ['system', 'As the system', Monitor],
] as const;
const ZONES = [
  ['local', 'Local'],
  ['utc', 'UTC'],
] as const;

/** Uses the browser's own popover: closed by Escape, by a press outside, and by opening another one. */
export function AccountMenu(): ReactNode {
  const { user } = usePerson();
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  const close = () => popover.current?.hidePopover();
  const email = user?.email ?? '';
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label="Account and appearance"
        title="Account and appearance"
        className="inline-flex size-8 items-center justify-center rounded-full bg-accent-soft text-sm font-semibold text-accent-text uppercase"
      >
        {email.slice(0, 1) || <UserRound aria-hidden size={16} />}
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        className="fixed inset-auto end-3 top-13 m-0 w-60 rounded-3 border border-line bg-surface p-1.5 text-text shadow-2"
      >
        <p className="truncate px-2.5 py-1.5 text-sm text-muted" title={email}>
          {email}
        </p>
        <Link to="/settings" onClick={close} className={ITEM}>
          <UserRound aria-hidden size={16} />
          Account
        </Link>
        <div className="my-1.5 border-t border-line" />
        <PartnerSwitch itemClass={ITEM} />
        <Choice label="Theme" name="theme" choices={THEMES} />
        <Choice label="Times" name="zone" choices={ZONES} />
        <div className="my-1.5 border-t border-line" />
        <button
          type="button"
          className={ITEM}
          onClick={() => {
            close();
            logOut().catch((error: unknown) => toastFailed('You are still logged in', error));
          }}
        >
          <LogOut aria-hidden size={16} />
          Log out
        </button>
      </div>
    </>
  );
}
