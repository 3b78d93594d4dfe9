import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { type Api, api, portal } from '../api/portal.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { go } from '../navigation/navigation.tsx';
import { ROLE_WORDS, type RoleName } from '../people/role-words.ts';
import { LogInForm } from '../session/log-in-form.tsx';
import { actFor, logIn, logOut, useSession } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { LinkNote } from './link-note.tsx';
import { useLinkToken } from './link-token.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { newPassword } from './new-password-schema.ts';

type Letter = Awaited<ReturnType<Api['invitations']['read']>>;

/** Opened from the mail of an invitation. */
export default function InvitationPage(): ReactNode {
  const token = useLinkToken();
  const letter = useQuery({
    queryKey: ['invitation-letter', token],
    queryFn: () => portal.invitations.read({ token: token ?? '' }),
    enabled: token !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === null || letter.error)
    return (
      <LinkNote title="This invitation does not work" next={{ to: '/login', text: 'Log in' }}>
        {letter.error ? <ErrorNote error={letter.error} /> : 'Open the whole link of the newest mail.'}
      </LinkNote>
    );
  if (!letter.data) return <LinkNote title="Reading your invitation …" />;
  return <Reply token={token} letter={letter.data} />;
}

function Reply({ token, letter }: { readonly token: string; readonly letter: Letter }): ReactNode {
  const { email, partner_name: partner, role_name: role, invited_by: by, expires_at, has_account } = letter;
  const roleName = ROLE_WORDS[role as RoleName]?.name ?? role;
  return (
    <div className="flex flex-col gap-5">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Join {partner ?? 'GridWorks'}</h1>
        <p className="mt-1 text-muted">
          <span className="break-all">{by}</span> invites <span className="break-all">{email}</span> with the
          role {roleName}. The invitation ends <Moment at={expires_at} relative />.
        </p>
      </div>
      {has_account ? <Join token={token} email={email} /> : <NewAccount token={token} email={email} />}
    </div>
  );
}

/** For a person with an account: logged in as that person, or not yet. */
function Join({ token, email }: { readonly token: string; readonly email: string }): ReactNode {
  const { data: person } = useSession();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    setError(null);
    try {
      const { partner } = await api.invitations.join({ token });
      await actFor(partner.id);
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  if (!person) return <LogInForm email={email} onDone={() => undefined} />;
  if (person.user.email !== email)
    return (
      <div className="flex flex-col gap-3">
        <p>
          You are logged in as <span className="font-medium break-all">{person.user.email}</span>. The
          invitation is for another address.
        </p>
        <Button onClick={() => void logOut().catch(setError)}>Log out</Button>
        {error !== null && <ErrorNote error={error} />}
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      {error !== null && <ErrorNote error={error} />}
      <Button variant="primary" className="h-9" busy={isBusy} onClick={() => void join()}>
        Join
      </Button>
    </div>
  );
}

const accountSchema = z.object({
  name: z.string().check(z.trim(), z.maxLength(120, 'At most 120 characters')),
  password: newPassword,
});

function NewAccount({ token, email }: { readonly token: string; readonly email: string }): ReactNode {
  const { register, submit, failure, formState, watch } = useApiForm({
    schema: accountSchema,
    defaultValues: { name: '', password: '' },
    onSubmit: async ({ name, password }) => {
      await portal.invitations.accept({ token, password, ...(name === '' ? {} : { name }) });
      await logIn(email, password);
      // From there everybody gets to the first page of their role.
      go('/login', { replace: true });
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Your name"
        autoComplete="name"
        autoFocus
        error={errors.name?.message}
        {...register('name')}
      />
      <NewPasswordField
        password={watch('password')}
        error={errors.password?.message}
        field={register('password')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={isSubmitting} className="h-9">
        Create account and join
      </Button>
    </form>
  );
}
