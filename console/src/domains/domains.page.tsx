import { useQuery } from '@tanstack/react-query';
import { Globe } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Section } from '../ui/panel.tsx';
import { DomainItem } from './domain-item.tsx';
import { type Domain, type NewDomain, newDomainSchema } from './domain-schemas.ts';

const KEY = ['domains'] as const;

/** The domains of the partner: what to publish, whether it was found, and what to do next. */
export default function DomainsPage(): ReactNode {
  const query = useQuery({ queryKey: KEY, queryFn: () => api.domains.list() });
  const mayWrite = useMay('domains:write');
  const [removed, setRemoved] = useState<Domain | null>(null);
  return (
    <>
      <PageHeader title="Domains">
        Prove that a domain is yours. Then your directory may make accounts with addresses of it.
      </PageHeader>
      <div className="flex flex-col gap-5">
        {mayWrite && <AddForm />}
        <Panel query={query} title="Your domains" flush lines={5}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState icon={Globe} title="No domain yet">
                {mayWrite
                  ? 'Add the domain of your organisation’s email addresses.'
                  : 'An owner or admin adds domains.'}
              </EmptyState>
            ) : (
              <ul aria-label="Domains" className="divide-y divide-line border-t border-line">
                {data.map((domain) => (
                  <DomainItem
                    key={domain.id}
                    domain={domain}
                    onRemove={mayWrite ? () => setRemoved(domain) : null}
                  />
                ))}
              </ul>
            )
          }
        </Panel>
      </div>
      {removed && <RemoveDialog domain={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}

function AddForm(): ReactNode {
  const add = useAction({
    run: (input: NewDomain) => api.domains.add(input),
    done: 'Domain added: publish its record now',
    refresh: [KEY],
    onDone: () => reset(),
  });
  const { register, reset, submit, failure, formState } = useApiForm<NewDomain>({
    schema: newDomainSchema,
    defaultValues: { domain: '' },
    onSubmit: (input) => add.mutateAsync(input),
  });
  return (
    <Section title="Add a domain">
      <form noValidate onSubmit={submit} className="flex flex-col gap-3">
        <div className="flex flex-wrap items-start gap-3">
          <TextField
            label="Domain"
            placeholder="ada-energy.com"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            className="min-w-0 grow basis-60 sm:max-w-md"
            error={formState.errors.domain?.message}
            {...register('domain')}
          />
          <Button type="submit" variant="primary" className="sm:mt-6" busy={formState.isSubmitting}>
            Add domain
          </Button>
        </div>
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Section>
  );
}

function RemoveDialog({
  domain,
  onClose,
}: {
  readonly domain: Domain;
  readonly onClose: () => void;
}): ReactNode {
  const remove = useAction({
    run: () => api.domains.remove({ id: domain.id }),
    done: `${domain.domain} is removed`,
    refresh: [KEY],
  });
  return (
    <ConfirmDialog
      danger
      title={`Remove ${domain.domain}`}
      action="Remove domain"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    >
      <p>Your directory can make no more accounts with addresses of it. People who are members stay.</p>
    </ConfirmDialog>
  );
}
