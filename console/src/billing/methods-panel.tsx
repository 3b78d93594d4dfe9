import type { PaymentMethod } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { CreditCard, Landmark, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';

const METHODS_KEY = ['payment-methods'] as const;

/** The name of a card: `Visa •••• 4242`. */
export function methodName({ brand, kind, last4 }: PaymentMethod): string {
  const name = brand ?? kind;
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return last4 === null ? capital : `${capital} •••• ${last4}`;
}

/** What the invoices are charged to. A method is added on a page of the provider, so that no card number comes here. */
export function MethodsPanel(): ReactNode {
  const query = useQuery({
    queryKey: METHODS_KEY,
    queryFn: async () => {
      const [options, methods] = await Promise.all([
        api.paymentOptions.list(),
        api.paymentMethods.list({ limit: 100 }),
      ]);
      return { options, methods: methods.data };
    },
  });
  const mayWrite = useMay('billing:write');
  const add = useAction({
    run: () => api.paymentMethods.setUp(),
    failed: 'The page of the payment provider could not be opened',
    onDone: ({ url }) => location.assign(url),
  });
  const [removed, setRemoved] = useState<PaymentMethod | null>(null);
  return (
    <Panel
      query={query}
      title="Payment methods"
      lines={3}
      actions={
        mayWrite &&
        query.data?.options.card && (
          <Button size="sm" icon={Plus} busy={add.isPending || add.isSuccess} onClick={() => add.mutate()}>
            Add
          </Button>
        )
      }
    >
      {({ options, methods }) => (
        <ul className="flex flex-col gap-3">
          {methods.map((method) => (
            <Method
              key={method.id}
              method={method}
              onRemove={mayWrite ? () => setRemoved(method) : null}
              mayWrite={mayWrite}
            />
          ))}
          {methods.length === 0 && (
            <li className="flex items-start gap-2 text-muted">
              <Landmark aria-hidden size={16} className="mt-0.5 shrink-0" />
              {options.card
                ? 'Invoices are paid by bank transfer until you add a card.'
                : 'Invoices are paid by bank transfer: the invoice names the account.'}
            </li>
          )}
          {removed && <RemoveDialog method={removed} onClose={() => setRemoved(null)} />}
        </ul>
      )}
    </Panel>
  );
}

function Method({
  method,
  onRemove,
  mayWrite,
}: {
  readonly method: PaymentMethod;
  readonly onRemove: (() => void) | null;
  readonly mayWrite: boolean;
}): ReactNode {
  const makeDefault = useAction({
    run: () => api.paymentMethods.setDefault({ id: method.id }),
    done: `${methodName(method)} is charged from now on`,
    failed: 'The payment method was not changed',
    refresh: [METHODS_KEY],
  });
  const { expires, is_default } = method;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <CreditCard aria-hidden size={16} className="shrink-0 text-faint" />
      <span className="font-medium">{methodName(method)}</span>
      {expires && (
        <span className="text-sm text-muted">
          until {String(expires.month).padStart(2, '0')}/{expires.year}
        </span>
      )}
      {is_default && <Tag tone="accent">Charged</Tag>}
      <span className="ml-auto flex gap-1">
        {mayWrite && !is_default && (
          <Button size="sm" variant="ghost" busy={makeDefault.isPending} onClick={() => makeDefault.mutate()}>
            Charge this one
          </Button>
        )}
        {onRemove && (
          <Button size="sm" variant="ghost" onClick={onRemove} aria-label={`Remove ${methodName(method)}`}>
            Remove
          </Button>
        )}
      </span>
    </li>
  );
}

function RemoveDialog({
  method,
  onClose,
}: {
  readonly method: PaymentMethod;
  readonly onClose: () => void;
}): ReactNode {
  const remove = useAction({
    run: () => api.paymentMethods.remove({ id: method.id }),
    done: `${methodName(method)} is removed`,
    refresh: [METHODS_KEY],
  });
  return (
    <ConfirmDialog
      danger
      title={`Remove ${methodName(method)}?`}
      action="Remove"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    >
      <p>It is not charged any more. Without a payment method invoices are paid by bank transfer.</p>
    </ConfirmDialog>
  );
}
