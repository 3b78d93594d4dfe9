import type { IndexSuggestion } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../../api/portal.ts';
import { useAction } from '../../api/use-action.ts';
import { useApiForm } from '../../forms/use-api-form.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { TextField } from '../../ui/field.tsx';
import { columnWords, DECISIONS, type Decision, REFRESH } from './words.ts';

const schema = z.object({
  reason: z.string().check(z.trim(), z.minLength(3, 'Say why, in a few words'), z.maxLength(500)),
});

const WHAT = {
  approve:
    'The healer has the service build the index beside its readers and writers, looks whether the statement uses it, and shows how long a call takes since.',
  dismiss: 'The same index is not suggested again. It can be built later all the same.',
  drop: 'Statements that have not run lately may get slower. The index can be built again.',
} as const;

/** Asks for the reason, which the timeline keeps. */
export function DecideIndexDialog({
  decision,
  suggestion: { columns, id, service, table },
  onClose,
}: {
  readonly decision: Decision;
  readonly suggestion: IndexSuggestion;
  readonly onClose: () => void;
}): ReactNode {
  const { action, done } = DECISIONS[decision];
  const decide = useAction({
    run: ({ reason }: z.infer<typeof schema>) => api.admin.indexSuggestions[decision]({ id, reason }),
    done,
    refresh: REFRESH,
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<z.infer<typeof schema>>({
    schema,
    defaultValues: { reason: '' },
    onSubmit: (values) => decide.mutateAsync(values),
  });
  return (
    <Dialog
      title={`${action}: ${service}.${table}`}
      onClose={onClose}
      closable={!formState.isSubmitting}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={decision === 'drop' ? 'danger' : 'primary'}
            busy={formState.isSubmitting}
            onClick={() => void submit()}
          >
            {action}
          </Button>
        </>
      }
    >
      <p className="wrap-anywhere">On {columnWords(columns)}.</p>
      <p>{WHAT[decision]}</p>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Reason" error={formState.errors.reason?.message} {...register('reason')} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  );
}
