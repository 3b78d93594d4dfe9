import { defineError } from '../values/app-error.ts';

export const DOMAIN_NOT_FOUND = defineError({
  code: 'AUTH.DOMAIN_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such domain',
});
export const DOMAIN_REFUSED = defineError({
  code: 'AUTH.DOMAIN_REFUSED',
  kind: 'invalid_input',
  title: 'Nobody can own this domain alone',
});
export const DOMAIN_EXISTS = defineError({
  code: 'AUTH.DOMAIN_EXISTS',
  kind: 'conflict',
  title: 'The domain is in your list already',
});
export const TOO_MANY_DOMAINS = defineError({
  code: 'AUTH.TOO_MANY_DOMAINS',
  kind: 'conflict',
  title: 'A partner has at most 50 domains',
});
/** Also for a domain that belongs to another partner: only who has published the record learns that. */
export const DOMAIN_UNPROVEN = defineError({
  code: 'AUTH.DOMAIN_UNPROVEN',
  kind: 'conflict',
  title: 'The TXT record of the domain is not there yet',
});
export const DOMAIN_TAKEN = defineError({
  code: 'AUTH.DOMAIN_TAKEN',
  kind: 'conflict',
  title: 'The domain is verified by another partner',
});
