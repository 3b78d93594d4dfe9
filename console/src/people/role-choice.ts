import { useQuery } from '@tanstack/react-query';
import { api } from '../api/portal.ts';
import { usePerson } from '../session/person.tsx';
import { ROLE_WORDS, type RoleName } from './role-words.ts';

export const rolesQuery = { queryKey: ['roles'], queryFn: () => api.roles.list() } as const;

/** The roles that this person may give, for a select field. */
export function useRoleChoice(): readonly { readonly value: string; readonly label: string }[] {
  const { role } = usePerson();
  const roles = useQuery(rolesQuery);
  return (roles.data?.data ?? [])
    .filter(({ id }) => id !== 'owner' || role === 'owner')
    .map(({ id, name, fixed }) => ({
      value: id,
      label: fixed
        ? `${ROLE_WORDS[id as RoleName].name}: ${ROLE_WORDS[id as RoleName].what.toLowerCase()}`
        : name,
    }));
}
