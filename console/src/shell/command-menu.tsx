import { CornerDownLeft, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { go } from '../navigation/navigation.tsx';
import { PAGES } from '../pages.ts';
import { mayDo } from '../session/may-do.ts';
import { usePerson } from '../session/person.tsx';
import { cx } from '../ui/cx.ts';
import { type Command, commandsFor } from './commands.ts';
import { ICONS } from './icons.ts';

/** Ctrl+K or Cmd+K: finds every page, and every resource by its id. Made from the table of pages. */
export default function CommandMenu({ onClose }: { readonly onClose: () => void }): ReactNode {
  const person = usePerson();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const commands = commandsFor(
    text,
    PAGES.filter(({ permission }) => mayDo(person, permission)),
  );
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    go(command.to);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(commands.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') run(commands[at]);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own `cancel`
    <dialog
      ref={dialog}
      aria-label="Find anything"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className="appear mx-auto mt-[12vh] mb-auto w-[calc(100vw-2rem)] max-w-xl rounded-3 border border-line bg-surface p-0 text-text shadow-3"
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden size={16} className="text-faint" />
        <input
          role="combobox"
          aria-label="Page, or the id of a key, a ticket or an incident"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={commands[at] && `${id}-${at}`}
          placeholder="Page, or the id of a key, a ticket or an incident"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
          className="h-12 w-full bg-transparent text-lg outline-none"
        />
      </div>
      <div id={id} role="listbox" aria-label="Results" className="max-h-80 overflow-y-auto p-1.5">
        {commands.map((command, index) => {
          const Icon = command.icon && ICONS[command.icon];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard is in the field above
            <div
              key={command.to}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => run(command)}
              onMouseMove={() => setAt(index)}
              className={cx(
                'flex h-9 cursor-pointer items-center gap-2.5 rounded-2 px-2.5',
                index === at && 'bg-selected',
              )}
            >
              {Icon && <Icon aria-hidden size={16} className="text-faint" />}
              <span className="truncate">{command.title}</span>
              <span className="ms-auto flex items-center gap-2 text-sm text-faint">
                {command.group}
                {index === at && <CornerDownLeft aria-hidden size={14} />}
              </span>
            </div>
          );
        })}
      </div>
      {commands.length === 0 && <p className="px-4 pb-6 text-center text-muted">Nothing is called that.</p>}
    </dialog>
  );
}
