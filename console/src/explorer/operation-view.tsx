import { useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { operationPath } from '../reference/addresses.ts';
import type { RawDocument } from '../reference/open-api.ts';
import type { Person } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Section } from '../ui/panel.tsx';
import { asksFirst, type Offer } from './credential.ts';
import { CredentialLine } from './credential-line.tsx';
import { FormFieldControl } from './form-field.tsx';
import { type FormField, fieldKey, fieldsOf, firstValues, IDEMPOTENCY_KEY } from './form-fields.ts';
import { MethodMark } from './method-mark.tsx';
import { type FieldErrors, type PreparedCall, prepareCall } from './prepare-call.ts';
import { ResponseView } from './response-view.tsx';
import { type CallResponse, sendCall } from './send-call.ts';
import { SnippetView } from './snippet-view.tsx';
import { TextWithCode } from './text-with-code.tsx';
import { useExplorerKey } from './use-explorer-key.ts';

const UNAUTHENTICATED = 401;
type Outcome = { readonly response: CallResponse } | { readonly failure: unknown };

interface OperationViewProps {
  readonly document: RawDocument;
  readonly offer: Offer;
  readonly person: Person;
}

/** The form of one operation, the call as code, and what came back. */
export function OperationView({ document, offer, person }: OperationViewProps): ReactNode {
  const { operation, credential } = offer;
  const fields = useMemo(() => fieldsOf(document, operation), [document, operation]);
  const takesKey = operation.parameters.some(({ name }) => name === IDEMPOTENCY_KEY);
  const [values, setValues] = useState(() => firstValues(fields));
  const [idempotencyKey, setIdempotencyKey] = useState<string>(() => crypto.randomUUID());
  const [isSent, setSent] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [asked, setAsked] = useState<PreparedCall | null>(null);
  const { key, error: keyError, take, renew } = useExplorerKey(person.user.id, credential === 'key');
  const client = useQueryClient();

  const prepare = (bearer: string | null) =>
    prepareCall(operation, fields, values, { bearer, idempotencyKey: takesKey ? idempotencyKey : null });
  const change = (field: FormField, value: string) => {
    const name = fieldKey(field);
    setValues({ ...values, [name]: value });
    if (errors[name])
      setErrors(Object.fromEntries(Object.entries(errors).filter(([other]) => other !== name)));
    // Another call is another thing to be done; the same one again is the same, and gets the same response.
    if (isSent) setIdempotencyKey(crypto.randomUUID());
    setSent(false);
  };
  const run = async (call: PreparedCall) => {
    setBusy(true);
    setSent(true);
    try {
      const response = await sendCall(call, credential === 'session' ? person.csrf_token : null);
      setOutcome({ response });
      if (response.status === UNAUTHENTICATED && credential === 'key') renew();
      if (call.method !== 'GET' && response.status < 400)
        void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'openapi' });
    } catch (failure) {
      setOutcome({ failure });
    } finally {
      setBusy(false);
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const bearer =
      credential === 'key'
        ? await take().then(
            (made) => made.key,
            () => null,
          )
        : null;
    // The page says beside the key why there is none.
    if (credential === 'key' && bearer === null) return;
    const prepared = prepare(bearer);
    if ('errors' in prepared) setErrors(prepared.errors);
    else if (asksFirst(operation, credential)) setAsked(prepared.call);
    else await run(prepared.call);
  };

  const headerFields = fields.filter(({ place }) => place === 'header');
  const mainFields = fields.filter(({ place }) => place !== 'header');
  const control = (field: FormField) => (
    <FormFieldControl
      key={fieldKey(field)}
      field={field}
      value={values[fieldKey(field)] ?? ''}
      error={errors[fieldKey(field)]}
      onChange={(value) => change(field, value)}
    />
  );
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Section
        title={operation.summary}
        actions={
          <a href={operationPath(operation.id)} className="link text-sm">
            Reference
          </a>
        }
      >
        <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <div>
            <p className="flex items-baseline gap-1 break-all">
              <MethodMark method={operation.method} />
              <code className="text-sm">{operation.path}</code>
            </p>
            <p className="mt-1 text-sm text-faint">
              <TextWithCode text={operation.access} />
            </p>
          </div>
          <CredentialLine credential={credential} apiKey={key} onRenew={renew} />
          {keyError !== null && (
            <ErrorNote error={keyError}>
              <div className="ps-5 pt-1">
                <Button size="sm" onClick={renew}>
                  Try again
                </Button>
              </div>
            </ErrorNote>
          )}
          {mainFields.length > 0 && (
            <div className="grid gap-4 sm:grid-cols-2">{mainFields.map(control)}</div>
          )}
          {(headerFields.length > 0 || takesKey) && (
            <details>
              <summary className="text-sm text-muted">Headers</summary>
              <div className="mt-3 grid gap-4 sm:grid-cols-2">
                {headerFields.map(control)}
                {takesKey && <IdempotencyNote idempotencyKey={idempotencyKey} />}
              </div>
            </details>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" variant="primary" icon={Send} busy={isBusy}>
              Send
            </Button>
            <span className="text-sm text-faint">
              {credential === 'key' &&
                operation.method !== 'GET' &&
                'Nothing is charged; what it writes is real.'}
            </span>
          </div>
        </form>
      </Section>
      {outcome && <ResponseView outcome={outcome} />}
      <SnippetView prepared={prepare(key?.key ?? null)} credential={credential} bearer={key?.key ?? null} />
      {asked && (
        <ConfirmDialog
          danger={asked.method === 'DELETE'}
          title={`Send ${asked.method} ${asked.address}?`}
          action="Send it"
          onConfirm={() => run(asked)}
          onClose={() => setAsked(null)}
        >
          <p>{operation.summary}.</p>
          <p>
            {credential === 'session'
              ? 'It is sent with your session and acts on your real account.'
              : 'A test key does not make it a rehearsal: what it deletes is gone.'}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function IdempotencyNote({ idempotencyKey }: { readonly idempotencyKey: string }): ReactNode {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">{IDEMPOTENCY_KEY}</span>
      <code className="text-xs break-all">"{idempotencyKey}"</code>
      <p className="text-sm text-faint">
        Sent again without a change, the call is done once and gets the same response. A change makes a new
        key.
      </p>
    </div>
  );
}
