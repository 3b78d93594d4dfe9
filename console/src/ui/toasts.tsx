import { X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { create } from 'zustand';
import { IconButton } from './button.tsx';
import { troubleOf } from './problem.ts';
import { STATUS_SHAPES, STATUS_TEXT } from './status-mark.tsx';

/** The outcome of the user's last action. A problem in the background is a banner, never a toast. */
export interface Toast {
  readonly id: number;
  readonly tone: 'pass' | 'fail';
  readonly text: string;
  readonly detail?: string;
  /** Toasts with equal codes within 10 s are counted in one toast. */
  readonly code: string;
  readonly count: number;
  readonly until: number;
}

const SHOWN_AT_MOST = 3;
const COUNTS_UP_WITHIN_MS = 10_000;
const LIFE_MS = { pass: 5000, fail: 12_000 } as const;
let nextId = 1;

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

function show(tone: Toast['tone'], code: string, text: string, detail?: string): void {
  const now = Date.now();
  const { toasts } = useToasts.getState();
  const equal = toasts.find(
    (toast) => toast.code === code && now < toast.until - LIFE_MS[tone] + COUNTS_UP_WITHIN_MS,
  );
  const rest = toasts.filter((toast) => toast !== equal);
  const toast: Toast = {
    id: equal?.id ?? nextId++,
    tone,
    text,
    code,
    count: (equal?.count ?? 0) + 1,
    until: now + LIFE_MS[tone],
    ...(detail ? { detail } : {}),
  };
  useToasts.setState({ toasts: [...rest, toast].slice(-SHOWN_AT_MOST) });
}

/** `toastDone('Key renamed')` */
export const toastDone = (text: string): void => show('pass', text, text);

/** An action that failed, with the request's id for support. */
export function toastFailed(what: string, error: unknown): void {
  const { code, message, requestId } = troubleOf(error);
  show('fail', code ?? message, `${what}: ${message}`, requestId ? `request ${requestId}` : undefined);
}

const drop = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));

/** The region of the page that shows toasts and announces them to screen readers. */
export function ToastRegion(): ReactNode {
  const toasts = useToasts((state) => state.toasts);
  return (
    <section
      aria-label="Outcome of your actions"
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }): ReactNode {
  useEffect(() => {
    const timer = setTimeout(() => drop(toast.id), toast.until - Date.now());
    return () => clearTimeout(timer);
  }, [toast.id, toast.until]);
  return (
    <div className="appear pointer-events-auto flex max-w-md items-start gap-2.5 rounded-3 border border-line bg-surface py-2 ps-3.5 pe-1.5 shadow-2">
      <span aria-hidden className={`mt-2 text-[0.6em] leading-none ${STATUS_TEXT[toast.tone]}`}>
        {STATUS_SHAPES[toast.tone]}
      </span>
      <div className="py-1">
        <p className="text-sm">
          {toast.text}
          {toast.count > 1 && <span className="text-faint"> ×{toast.count}</span>}
        </p>
        {toast.detail && <p className="font-mono text-xs text-faint select-all">{toast.detail}</p>}
      </div>
      <IconButton icon={X} label="Dismiss" onClick={() => drop(toast.id)} className="size-7" />
    </div>
  );
}
