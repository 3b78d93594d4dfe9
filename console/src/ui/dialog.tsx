import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** False while input would be lost: then Escape, the cross and the backdrop do not close the dialog. */
  readonly closable?: boolean;
  readonly wide?: boolean;
  readonly children: ReactNode;
  /** Buttons, at the end of the dialog. */
  readonly actions?: ReactNode;
}

/**
 * The browser's own modal dialog, which holds the focus and gives it back. Rendered only while it is open.
 */
export function Dialog({ title, onClose, closable = true, wide, children, actions }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const close = () => {
    if (closable) onClose();
  };
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
      className={cx(
        'appear m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-auto rounded-3 border border-line bg-surface p-0 text-start text-text shadow-3',
        wide ? 'max-w-2xl' : 'max-w-md',
      )}
    >
      <div className="flex items-center justify-between gap-4 px-5 pt-4">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        {closable && <IconButton icon={X} label="Close" onClick={close} className="-me-2" />}
      </div>
      <div className="flex flex-col gap-4 px-5 pt-3 pb-5">{children}</div>
      {actions && (
        <div className="sticky bottom-0 flex flex-wrap justify-end gap-2 border-t border-line bg-sunken px-5 py-3">
          {actions}
        </div>
      )}
    </dialog>
  );
}
