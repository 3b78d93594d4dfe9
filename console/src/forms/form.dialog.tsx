import type { ReactNode } from 'react';
import type { DefaultValues, FieldValues, UseFormReturn } from 'react-hook-form';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { type ApiFormOptions, useApiForm } from './use-api-form.ts';

interface FormDialogProps<T extends FieldValues, R> {
  readonly title: string;
  /** The verb of the button: `Record transfer`. */
  readonly action: string;
  readonly danger?: boolean;
  readonly schema: ApiFormOptions<T>['schema'];
  readonly defaultValues: DefaultValues<T>;
  readonly run: (values: T) => Promise<R>;
  /** The toast after a success. */
  readonly done: string;
  /** Queries that are out of date afterwards. */
  readonly refresh: readonly (readonly unknown[])[];
  readonly onDone?: (result: R) => void;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: (form: UseFormReturn<T>) => ReactNode;
}

/** A form in a dialog, which closes after a success. */
export function FormDialog<T extends FieldValues, R>({
  title,
  action,
  danger,
  schema,
  defaultValues,
  run,
  done,
  refresh,
  onDone,
  onClose,
  children,
}: FormDialogProps<T, R>): ReactNode {
  const act = useAction<R, T>({
    ...{ run, done, refresh },
    onDone: (result) => {
      onClose();
      onDone?.(result);
    },
  });
  const { failure, submit, ...form } = useApiForm<T>({
    ...{ schema, defaultValues },
    onSubmit: (values) => act.mutateAsync(values),
  });
  const busy = form.formState.isSubmitting;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closable={!busy}
      actions={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void submit()}>
            {action}
          </Button>
        </>
      }
    >
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        {children(form)}
        {failure !== null && <ErrorNote error={failure} />}
        {/* Enter in a field sends the form. */}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  );
}
