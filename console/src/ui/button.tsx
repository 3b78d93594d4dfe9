import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: ButtonVariant;
  readonly size?: 'sm' | 'md';
  /** Shows a spinner and ignores presses; the label stays, so that the layout does not move. */
  readonly busy?: boolean;
  readonly icon?: LucideIcon;
  readonly ref?: Ref<HTMLButtonElement>;
}

const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover shadow-1',
  secondary: 'bg-surface text-text border border-line-strong/50 hover:bg-hover shadow-1',
  ghost: 'text-muted hover:bg-hover hover:text-text',
  danger: 'bg-fail-solid text-on-accent hover:bg-fail-hover shadow-1',
};
const SIZES = { sm: 'h-7 px-2.5 text-sm', md: 'h-8 px-3 text-md' } as const;

/** The classes of a button, for links that lead to the next step. */
export const buttonClass = (variant: ButtonVariant = 'secondary', size: 'sm' | 'md' = 'md'): string =>
  cx(
    'inline-flex items-center justify-center gap-1.5 rounded-2 font-medium whitespace-nowrap select-none no-underline',
    'transition-colors duration-(--fast) disabled:opacity-50 disabled:pointer-events-none max-sm:min-h-9',
    VARIANTS[variant],
    SIZES[size],
  );

export function Button({
  variant,
  size,
  busy,
  icon: Icon,
  className,
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={cx(buttonClass(variant, size), className)}
    >
      {busy ? (
        <LoaderCircle aria-hidden size={14} className="animate-spin" />
      ) : (
        Icon && <Icon aria-hidden size={14} />
      )}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** The name of the action: for screen readers, and shown on hover. */
  readonly label: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon: Icon, label, className, ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={cx(
        'inline-flex size-8 items-center justify-center rounded-2 text-muted hover:bg-hover hover:text-text',
        'transition-colors duration-(--fast) disabled:opacity-50 max-sm:size-9',
        className,
      )}
    >
      <Icon aria-hidden size={16} />
    </button>
  );
}
