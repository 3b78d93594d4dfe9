import type { Incident, Pause, SystemHealth } from '@gridworks/sdk';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { api } from '../api/portal.ts';

const LIVE = { live: true };
/** Health is a state and not an event, so it is also fetched periodically. */
const EVERY_MS = 5000;
const LATEST = 50;

export const useHealth = (): UseQueryResult<SystemHealth, Error> =>
  useQuery({
    queryKey: ['health'],
    queryFn: () => api.admin.health.get(),
    refetchInterval: EVERY_MS,
    meta: LIVE,
  });

/** The newest incidents, in any state. */
export const useLatestIncidents = (): UseQueryResult<readonly Incident[], Error> =>
  useQuery({
    queryKey: ['incidents', 'latest'],
    queryFn: async () => (await api.admin.incidents.list({ limit: LATEST })).data,
    meta: LIVE,
  });

export const usePauses = (): UseQueryResult<readonly Pause[], Error> =>
  useQuery({
    queryKey: ['pauses'],
    queryFn: async () => (await api.admin.pauses.list()).data,
    meta: LIVE,
  });
