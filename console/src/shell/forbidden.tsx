import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import type { Person } from '../session/session.ts';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { navigationFor } from './navigation-groups.ts';

export function Forbidden({ person }: { readonly person: Person }): ReactNode {
  const first = navigationFor(person)[0]?.pages[0];
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
      You are logged in as {person.user.email} ({person.role}).
    </EmptyState>
  );
}
