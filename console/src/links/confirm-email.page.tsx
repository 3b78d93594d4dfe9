import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { portal } from '../api/portal.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { LinkNote } from './link-note.tsx';
import { useLinkToken } from './link-token.ts';

/** Opened from the mail after the sign-up. */
export default function ConfirmEmailPage(): ReactNode {
  const token = useLinkToken();
  const confirmation = useQuery({
    queryKey: ['email-confirmation', token],
    queryFn: () => portal.emails.confirm({ token: token ?? '' }),
    enabled: token !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (confirmation.data)
    return (
      <LinkNote title="Your address is confirmed" next={{ to: '/home', text: 'Go on to the portal' }}>
        {confirmation.data.email}
      </LinkNote>
    );
  if (token === null || confirmation.error)
    return (
      <LinkNote
        title="This link does not work"
        next={{ to: '/home', text: 'Send another mail from the home page' }}
      >
        {confirmation.error ? (
          <ErrorNote error={confirmation.error} />
        ) : (
          'Open the whole link of the newest mail: an older one stops working.'
        )}
      </LinkNote>
    );
  return <LinkNote title="Confirming your address …" />;
}
