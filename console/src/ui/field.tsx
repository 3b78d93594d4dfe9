import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { cx } from './cx.ts';

export const CONTROL_CLASS = cx(
  'w-full rounded-2 border border-line-strong bg-surface px-2.5 text-md text-text shadow-1',
  'disabled:opacity-60 aria-invalid:border-fail-mark max-sm:text-lg',
);

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly className?: string;
}

interface FrameProps extends FieldProps {
  readonly children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** Label above, hint and error below, all three linked to the control. */
export function Field({ label, hint, error, className, children }: FrameProps): ReactNode {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={cx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium text-text">
        {label}
      </label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm text-fail">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}

type TextProps = FieldProps &
  InputHTMLAttributes<HTMLInputElement> & { readonly ref?: Ref<HTMLInputElement> };

/** Accepts the props that `register()` of React Hook Form returns. */
export function TextField({ label, hint, error, className, ...input }: TextProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} {...(className ? { className } : {})}>
      {(ids) => <input {...input} {...ids} className={cx(CONTROL_CLASS, 'h-9')} />}
    </Field>
  );
}

type AreaProps = FieldProps &
  TextareaHTMLAttributes<HTMLTextAreaElement> & { readonly ref?: Ref<HTMLTextAreaElement> };

export function TextArea({ label, hint, error, className, ...area }: AreaProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} {...(className ? { className } : {})}>
      {(ids) => <textarea rows={6} {...area} {...ids} className={cx(CONTROL_CLASS, 'py-2 leading-normal')} />}
    </Field>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}
type SelectProps = FieldProps &
  SelectHTMLAttributes<HTMLSelectElement> & {
    readonly options: readonly Option[];
    readonly ref?: Ref<HTMLSelectElement>;
  };

export function SelectField({ label, hint, error, className, options, ...select }: SelectProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} {...(className ? { className } : {})}>
      {(ids) => (
        <select {...select} {...ids} className={cx(CONTROL_CLASS, 'h-9')}>
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
