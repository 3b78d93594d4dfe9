import { createContext, use } from 'react';
import type { Person } from './session.ts';

/** The logged-in user, for all components inside the frame of the application. */
export const PersonContext = createContext<Person | null>(null);

/** Returns the logged-in user. Stays set while a session has ended and the log-in dialog is over the page. */
export function usePerson(): Person {
  const person = use(PersonContext);
  if (!person)
    throw new TypeError('no user is logged in: this component must be inside the frame of the application');
  return person;
}
