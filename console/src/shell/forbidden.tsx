import type { Identity } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { navigationFor } from './navigation.tsx';

export function Forbidden({ identity }: { readonly identity: Identity }): ReactNode {
  const first = navigationFor(identity)[0]?.pages[0];
  return (
    <EmptyState
      title="This page is not for your role"
      action={
        first && (
          <Link to={first.path} className={buttonClass('primary')}>
            Go to {first.title}
          </Link>
        )
      }
    >
      You are logged in as {identity.user?.email} ({identity.principal.role}).
    </EmptyState>
  );
}
