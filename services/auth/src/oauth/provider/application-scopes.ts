import { KEY_SCOPES, type Permission, ruleOf } from '@gridworks/contracts';
import type { Application } from '../../applications/application.ts';

/** The scopes that a token of the application may have: a person's application gets nothing that is about a person alone. */
export function scopesOf({
  kind,
  scopes,
}: Pick<Application, 'kind'> & { readonly scopes: readonly string[] }): Permission[] {
  return KEY_SCOPES.filter(
    (scope) => scopes.includes(scope) && (kind === 'service' || ruleOf(scope).personal !== true),
  );
}
