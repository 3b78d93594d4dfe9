import type { CreditGrant } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { GrantsTable } from '../billing/credit-tables.tsx';
import { toMinor } from '../billing/money-input.ts';
import { FormDialog } from '../forms/form.dialog.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { reasonField } from './reason-field.ts';

const NEWEST = 25;
const REFRESH = [['credits']] as const;

/** The newest credit of a partner; admins give it and take it back. */
export function PartnerCredits({ id }: { readonly id: string }): ReactNode {
  const grants = useQuery({
    queryKey: ['credits', 'of partner', id],
    queryFn: () => api.admin.creditGrants.listOfPartner({ id, limit: NEWEST }),
  });
  const mayWrite = useMay('credits:write');
  const [isOpen, setOpen] = useState(false);
  const [voided, setVoided] = useState<CreditGrant | null>(null);
  const takeBack = {
    key: 'act',
    label: 'Action',
    hideLabel: true,
    end: true,
    cell: (grant: CreditGrant) =>
      grant.status === 'active' && (
        <Button size="sm" variant="ghost" onClick={() => setVoided(grant)}>
          Take back
        </Button>
      ),
  } as const;
  return (
    <Panel
      query={grants}
      title="Credit"
      flush
      lines={3}
      actions={
        mayWrite && (
          <Button size="sm" icon={Plus} onClick={() => setOpen(true)}>
            Give credit
          </Button>
        )
      }
    >
      {({ data }) => (
        <>
          {data.length === 0 ? (
            <p className="px-4 pb-4 text-muted">It has none.</p>
          ) : (
            <GrantsTable rows={data} further={mayWrite ? [takeBack] : []} />
          )}
          {isOpen && <GiveCreditDialog id={id} onClose={() => setOpen(false)} />}
          {voided && <TakeBackDialog grant={voided} onClose={() => setVoided(null)} />}
        </>
      )}
    </Panel>
  );
}

const creditSchema = z
  .object({
    kind: z.enum(['promotional', 'prepaid']),
    currency: z.string().check(z.trim(), z.toUpperCase(), z.regex(/^[A-Z]{3}$/, 'A code such as EUR')),
    amount: z.string(),
    expires: z.string(),
    reason: reasonField,
  })
  .check(
    z.refine(({ amount, currency }) => (toMinor(amount, currency) ?? 0) > 0, {
      path: ['amount'],
      error: 'More than nothing, such as 50',
    }),
  );

function GiveCreditDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  return (
    <FormDialog
      title="Give credit"
      action="Give credit"
      schema={creditSchema}
      defaultValues={{ kind: 'promotional' as const, currency: 'EUR', amount: '', expires: '', reason: '' }}
      run={({ kind, currency, amount, expires, reason }) =>
        api.admin.creditGrants.create({
          ...{ id, kind, currency, reason, amount: toMinor(amount, currency) ?? 0 },
          // The whole day is included.
          expires_at: expires === '' ? null : new Date(Date.parse(expires) + 86_400_000).toISOString(),
        })
      }
      done="Credit given"
      refresh={REFRESH}
      onClose={onClose}
    >
      {({ register, formState: { errors } }) => (
        <>
          <p className="text-muted">The next invoices in this currency use it by themselves.</p>
          <SelectField
            label="Kind"
            options={[
              { value: 'promotional', label: 'Promotional: given away' },
              { value: 'prepaid', label: 'Prepaid: the money has arrived' },
            ]}
            {...register('kind')}
          />
          <div className="grid grid-cols-[6rem_1fr] gap-4">
            <TextField
              label="Currency"
              maxLength={3}
              error={errors.currency?.message}
              {...register('currency')}
            />
            <TextField
              label="Amount"
              inputMode="decimal"
              autoComplete="off"
              error={errors.amount?.message}
              {...register('amount')}
            />
          </div>
          <TextField
            label="Expires"
            type="date"
            hint="The last day, UTC. Empty: never."
            error={errors.expires?.message}
            {...register('expires')}
          />
          <TextField
            label="Reason"
            hint="The partner sees it as the name of the credit."
            error={errors.reason?.message}
            {...register('reason')}
          />
        </>
      )}
    </FormDialog>
  );
}

function TakeBackDialog({
  grant: { id, remaining, currency },
  onClose,
}: {
  readonly grant: CreditGrant;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <FormDialog
      danger
      title={`Take back ${formatMoney(remaining, currency)}`}
      action="Take back"
      schema={z.object({ reason: reasonField })}
      defaultValues={{ reason: '' }}
      run={({ reason }) => api.admin.creditGrants.void({ id, reason })}
      done="Credit taken back"
      refresh={REFRESH}
      onClose={onClose}
    >
      {({ register, formState: { errors } }) => (
        <>
          <p className="text-muted">What invoices have used stays used.</p>
          <TextField
            label="Reason"
            hint="Kept in the audit log, which the partner can read."
            error={errors.reason?.message}
            {...register('reason')}
          />
        </>
      )}
    </FormDialog>
  );
}
