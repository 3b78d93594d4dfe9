import { Ellipsis, type LucideIcon } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { cx } from './cx.ts';

interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

/** Further actions of one resource, behind a button: the browser's popover, placed below the button. */
export function Menu({
  label,
  items,
}: {
  readonly label: string;
  readonly items: readonly MenuItem[];
}): ReactNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  // A table has a menu in each row: its items are rendered once it is opened.
  const [wasOpened, setOpened] = useState(false);
  const place = () => {
    const at = button.current?.getBoundingClientRect();
    const menu = popover.current;
    if (!at || !menu) return;
    const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
    menu.style.top = `${below ? at.bottom + 4 : at.top - menu.offsetHeight - 4}px`;
    menu.style.left = `${Math.max(8, at.right - menu.offsetWidth)}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        title={label}
        className="inline-flex size-8 items-center justify-center rounded-2 text-muted hover:bg-hover hover:text-text"
      >
        <Ellipsis aria-hidden size={16} />
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        onBeforeToggle={() => setOpened(true)}
        onToggle={(event) => event.newState === 'open' && place()}
        className="fixed inset-auto m-0 w-48 rounded-3 border border-line bg-surface p-1 text-start text-text shadow-2"
      >
        {wasOpened &&
          items.map(({ label: text, icon: Icon, danger, onSelect }) => (
            <button
              key={text}
              type="button"
              onClick={() => {
                popover.current?.hidePopover();
                onSelect();
              }}
              className={cx(
                'flex h-8 w-full items-center gap-2.5 rounded-2 px-2.5 text-md hover:bg-hover max-lg:h-10',
                danger && 'text-fail',
              )}
            >
              {Icon && <Icon aria-hidden size={15} />}
              {text}
            </button>
          ))}
      </div>
    </>
  );
}
