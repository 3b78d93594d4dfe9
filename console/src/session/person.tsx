import { createContext, use } from 'react';
import type { Person } from './session.ts';

/** Who is logged in, for everything inside the frame of the application. */
export const PersonContext = createContext<Person | null>(null);

/** Who is logged in. Stays while a session has ended and the log-in dialog is over the page. */
export function usePerson(): Person {
  const person = use(PersonContext);
  if (!person)
    throw new TypeError('nobody is logged in: this component belongs inside the frame of the application');
  return person;
}
