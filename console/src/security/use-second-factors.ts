import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type Api, api } from '../api/portal.ts';

export type SecondFactors = Awaited<ReturnType<Api['secondFactors']['get']>>;
export type Passkey = SecondFactors['passkeys'][number];

export const SECOND_FACTORS_KEY = ['second-factors'] as const;

export const useSecondFactors = (): UseQueryResult<SecondFactors, Error> =>
  useQuery({ queryKey: SECOND_FACTORS_KEY, queryFn: () => api.secondFactors.get() });
