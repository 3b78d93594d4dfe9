import {
  type IdPosition,
  idPositions,
  PUBLIC_REQUESTS,
  type PublicAccess,
  type PublicRequestContract,
  ruleOf,
} from '@gridworks/contracts';
import { GATEWAY_PAGES } from './gateway-pages.ts';

/** One row of the matrix. */
export interface MatrixRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly permission: PublicAccess;
  /** Null for what the gateway serves itself. */
  readonly contract: PublicRequestContract | null;
  readonly refuses?: readonly number[];
  readonly streams?: true;
  readonly notImpersonated?: true;
  readonly positions: readonly IdPosition[];
}

/** Every address of the gateway that asks who is calling, or does not. */
export const MATRIX_ROUTES: readonly MatrixRoute[] = [
  ...PUBLIC_REQUESTS.map((contract) => ({
    method: contract.http.method,
    path: contract.http.path,
    permission: contract.permission,
    contract,
    positions: idPositions(contract),
  })),
  ...GATEWAY_PAGES.flatMap(({ routes }) => routes).map((route) => ({
    ...route,
    contract: null,
    positions: route.kind ? [{ kind: route.kind, path: ['id'] }] : [],
  })),
];

export const nameOf = ({ method, path }: MatrixRoute): string => `${method} ${path}`;

/** Whether people, keys or directories of partners hold the permission: then another partner's ids must mean nothing. */
export function isForPartners({ permission }: MatrixRoute): boolean {
  if (permission === 'public') return false;
  const { roles, keyScopes, personal, anonymous, directory } = ruleOf(permission);
  return (
    personal === true ||
    anonymous === true ||
    directory === true ||
    keyScopes.length > 0 ||
    roles.some((role) => !role.startsWith('platform_'))
  );
}
