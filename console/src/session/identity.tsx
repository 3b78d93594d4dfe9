import type { Identity } from '@gridworks/sdk';
import { createContext, use } from 'react';

/** Who is logged in, for everything inside the frame of the application. */
export const IdentityContext = createContext<Identity | null>(null);

/** Who is logged in. Stays while a session has ended and the log-in dialog is over the page. */
export function useIdentity(): Identity {
  const identity = use(IdentityContext);
  if (!identity)
    throw new TypeError('nobody is logged in: this component belongs inside the frame of the application');
  return identity;
}
