import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { type Api, portal } from '../api/portal.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { go, Link } from '../navigation/navigation.tsx';
import { companyName } from '../sign-up/sign-up-schema.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { enter } from './session.ts';

export type SignUpOffer = NonNullable<Awaited<ReturnType<Api['logInAttempts']['complete']>>['sign_up']>;

const schema = z.object({ name: companyName });

interface SignUpWithProviderProps {
  readonly offer: SignUpOffer;
  /** Of the attempt that ended with the offer. */
  readonly state: string;
}

/** The address has no account yet: the person only has to name the company. */
export function SignUpWithProvider({ offer, state }: SignUpWithProviderProps): ReactNode {
  const [isEntering, setEntering] = useState(false);
  const { register, submit, failure, formState } = useApiForm({
    schema,
    defaultValues: { name: '' },
    onSubmit: async ({ name }) => {
      await portal.logInAttempts.register({ state, name });
      setEntering(true);
      await enter();
      go('/home', { replace: true });
    },
  });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Sign up with {offer.provider_name}</h1>
        <p className="mt-1 text-muted">
          No account has the address{' '}
          <span className="font-medium wrap-anywhere text-text">{offer.email}</span> yet. Name your company,
          and you have one; you log in with {offer.provider_name}.
        </p>
      </div>
      <TextField
        label="Company"
        autoComplete="organization"
        autoFocus
        error={formState.errors.name?.message}
        {...register('name')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={formState.isSubmitting || isEntering} className="h-9">
        Create account
      </Button>
      <p className="text-muted">
        You have an account with another address?{' '}
        <Link to="/login" className="link">
          Log in
        </Link>{' '}
        with it, and add {offer.provider_name} on the page Security.
      </p>
    </form>
  );
}
