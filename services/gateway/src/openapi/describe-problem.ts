import * as contracts from '@gridworks/contracts';
import { GATEWAY_ERRORS, ROUTE_NOT_FOUND } from '../problems/gateway.errors.ts';
import { problemTypeOf, statusOf } from '../problems/problem-details.ts';

const isError = (value: unknown): value is contracts.ErrorDefinition =>
  typeof value === 'object' && value !== null && 'code' in value && 'kind' in value && 'retryable' in value;

const catalogue = new Map<string, contracts.ErrorDefinition>(
  [...Object.values(contracts).filter(isError), ...GATEWAY_ERRORS].map((error) => [error.code, error]),
);

export interface ProblemDescription {
  readonly object: 'problem_type';
  readonly code: string;
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly retryable: boolean;
}

/** What an error code means and whether a retry may help. Throws `GATEWAY.ROUTE_NOT_FOUND` for an unknown code. */
export function describeProblem(code: string): ProblemDescription {
  const error = catalogue.get(code);
  if (!error) throw new contracts.AppError(ROUTE_NOT_FOUND);
  return {
    object: 'problem_type',
    code: error.code,
    type: problemTypeOf(error),
    title: error.title,
    status: statusOf(error),
    retryable: error.retryable,
  };
}
