import { type ReactNode, useEffect, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { draftsOf } from '../forms/drafts.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { go, Link } from '../navigation/navigation.tsx';
import { usePerson } from '../session/person.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Section } from '../ui/panel.tsx';
import { type NewTicket, ticketSchema } from './ticket-schema.ts';
import { TICKET_PRIORITIES } from './ticket-words.ts';

const EMPTY: NewTicket = { subject: '', body: '', priority: 'normal' };
const PRIORITIES = Object.entries(TICKET_PRIORITIES).map(([value, label]) => ({ value, label }));

export default function NewTicketPage(): ReactNode {
  const { user } = usePerson();
  const drafts = draftsOf(user?.id ?? 'nobody', 'new-ticket');
  const [draft] = useState(() => drafts.read());
  const [isOffered, setOffered] = useState(draft !== null);
  const open = useAction({
    run: (values: NewTicket) => api.tickets.open(values),
    done: 'Ticket sent',
    refresh: [['tickets'], ['onboarding']],
  });
  const form = useApiForm<NewTicket>({
    schema: ticketSchema,
    defaultValues: EMPTY,
    onSubmit: async (values) => {
      const { id } = await open.mutateAsync(values);
      drafts.drop();
      go(`/support/${id}`, { replace: true });
    },
  });
  const { register, submit, failure, formState, watch, reset } = form;
  const { errors, isSubmitting, isDirty, isSubmitSuccessful } = formState;
  const values = watch();
  const text = JSON.stringify(values);
  // biome-ignore lint/correctness/useExhaustiveDependencies: written when the text changes
  useEffect(() => {
    if (isDirty && !isSubmitSuccessful && !isSubmitting)
      drafts.write(values as unknown as Record<string, string>);
  }, [text, isDirty, isSubmitSuccessful, isSubmitting]);
  return (
    <>
      <PageHeader
        title="New ticket"
        back={
          <Link to="/support" className="link">
            Support
          </Link>
        }
      />
      <div className="max-w-2xl">
        {isOffered && draft && (
          <div className="mb-4 flex flex-wrap items-center gap-3 rounded-3 border border-line bg-selected px-4 py-2.5 text-sm">
            <p className="min-w-0 flex-1">
              You have begun a ticket before:{' '}
              <span className="font-medium break-words">“{draft.subject || draft.body?.slice(0, 60)}”</span>
            </p>
            <Button
              size="sm"
              variant="primary"
              onClick={() => {
                for (const name of ['subject', 'body', 'priority'] as const)
                  form.setValue(name, (draft[name] ?? EMPTY[name]) as never, { shouldDirty: true });
                setOffered(false);
              }}
            >
              Go on with it
            </Button>
            <Button
              size="sm"
              onClick={() => {
                drafts.drop();
                reset(EMPTY);
                setOffered(false);
              }}
            >
              Discard
            </Button>
          </div>
        )}
        <Section>
          <form noValidate onSubmit={submit} className="flex flex-col gap-4 pt-3">
            <TextField label="Subject" autoFocus error={errors.subject?.message} {...register('subject')} />
            <TextArea
              label="What happened, and what did you expect?"
              hint="A request id (req_…) lets us see the very call. Never send us a key."
              rows={8}
              error={errors.body?.message}
              {...register('body')}
            />
            <SelectField
              label="Priority"
              options={PRIORITIES}
              error={errors.priority?.message}
              className="max-w-44"
              {...register('priority')}
            />
            {failure !== null && <ErrorNote error={failure} />}
            <div className="flex justify-end gap-2">
              <Link to="/support" className={buttonClass()}>
                Cancel
              </Link>
              <Button type="submit" variant="primary" busy={isSubmitting}>
                Send ticket
              </Button>
            </div>
          </form>
        </Section>
      </div>
    </>
  );
}
