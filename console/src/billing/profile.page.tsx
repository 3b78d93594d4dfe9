import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { countries, INDIAN_STATES, timeZones } from './places.ts';
import {
  type BillingProfile,
  formOf,
  inputOf,
  PROFILE_KEY,
  type ProfileForm,
  profileSchema,
} from './profile-schema.ts';

/** To whom the invoices of the partner are addressed. */
export default function BillingProfilePage(): ReactNode {
  const profile = useQuery({ queryKey: PROFILE_KEY, queryFn: () => api.billingProfiles.get() });
  const currencies = useQuery({
    queryKey: ['plans', 'currencies'],
    queryFn: async () => {
      const { data } = await api.plans.list();
      return [...new Set(data.flatMap(({ prices }) => Object.keys(prices)))].sort();
    },
  });
  return (
    <>
      <PageHeader
        title="Billing profile"
        back={
          <Link to="/billing" className="link">
            Billing
          </Link>
        }
      >
        What stands on your invoices, and which tax they bear. Invoices that were sent keep what they say.
      </PageHeader>
      <Loaded query={profile} lines={10}>
        {(data) => (
          <Loaded query={currencies} lines={10}>
            {(all) => <Form profile={data} currencies={all} />}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

function Form({
  profile,
  currencies,
}: {
  readonly profile: BillingProfile;
  readonly currencies: readonly string[];
}): ReactNode {
  const mayWrite = useMay('billing:write');
  const save = useAction({
    run: (form: ProfileForm) => api.billingProfiles.put(inputOf(form, profile)),
    done: 'Billing profile saved',
    refresh: [PROFILE_KEY],
    onDone: (saved) => reset(formOf(saved)),
  });
  const { register, reset, submit, watch, failure, formState } = useApiForm<ProfileForm>({
    schema: profileSchema,
    defaultValues: formOf(profile),
    onSubmit: (form) => save.mutateAsync(form),
  });
  const { errors, isSubmitting, isDirty } = formState;
  const isIndia = watch('country') === 'IN';
  const field = (name: keyof ProfileForm) => ({
    error: errors[name]?.message,
    disabled: !mayWrite,
    ...register(name),
  });
  return (
    <form noValidate onSubmit={submit} className="flex max-w-3xl flex-col gap-5">
      <Section title="Company">
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-6">
          <TextField
            label="Legal name"
            autoComplete="organization"
            className="sm:col-span-6"
            {...field('legal_name')}
          />
          <TextArea
            label="Street"
            hint="Up to three lines, as they are printed."
            rows={2}
            autoComplete="street-address"
            className="sm:col-span-6"
            {...field('address_lines')}
          />
          <TextField
            label="Postal code"
            autoComplete="postal-code"
            className="sm:col-span-2"
            {...field('postal_code')}
          />
          <TextField
            label="City"
            autoComplete="address-level2"
            className="sm:col-span-4"
            {...field('city')}
          />
          <SelectField
            label="Country"
            autoComplete="country"
            options={[{ value: '', label: 'Choose…' }, ...countries()]}
            className="sm:col-span-3"
            {...field('country')}
          />
          {isIndia && (
            <SelectField
              label="State"
              hint="It decides which tax the invoice bears."
              options={[
                { value: '', label: 'As the GSTIN says' },
                ...INDIAN_STATES.map(([value, label]) => ({ value, label })),
              ]}
              className="sm:col-span-3"
              {...field('state')}
            />
          )}
          <TextField
            label={isIndia ? 'GSTIN' : 'Tax number'}
            hint={
              isIndia ? 'Fifteen characters. Empty when you are not registered.' : 'In the EU the VAT number.'
            }
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            className="sm:col-span-3"
            {...field('tax_id')}
          />
        </div>
      </Section>
      <Section title="Invoices">
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-6">
          <TextField
            label="Email"
            hint="Invoices are sent here."
            type="email"
            autoComplete="email"
            className="sm:col-span-6"
            {...field('email')}
          />
          <SelectField
            label="Currency"
            hint="For the next change of plan."
            options={withCurrent(currencies, profile.currency).map((value) => ({ value, label: value }))}
            className="sm:col-span-2"
            {...field('currency')}
          />
          <SelectField
            label="Time zone"
            hint="Billing months begin and end at midnight there."
            options={timeZones(profile.time_zone)}
            className="sm:col-span-4"
            {...field('time_zone')}
          />
        </div>
      </Section>
      {failure !== null && <ErrorNote error={failure} />}
      {mayWrite ? (
        <div>
          <Button type="submit" variant="primary" busy={isSubmitting} disabled={!isDirty}>
            Save
          </Button>
        </div>
      ) : (
        <p className="text-muted">An owner, an admin or a person of billing may change this.</p>
      )}
    </form>
  );
}

const withCurrent = (all: readonly string[], current: string): readonly string[] =>
  all.includes(current) ? all : [...all, current];
