import type { ReactNode } from 'react';
import { useIdentity } from '../session/identity.tsx';

/** A strip over the whole page while everything on it is a test. */
export function ModeStrip(): ReactNode {
  const { principal } = useIdentity();
  if (principal.mode !== 'test') return null;
  return (
    <p className="border-b border-test/30 bg-test-soft px-4 py-1 text-center text-sm font-medium text-test">
      Test mode: nothing here is billed
    </p>
  );
}
