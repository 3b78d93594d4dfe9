import {
  AFFECTED_SERVICES,
  type Incident,
  type PublicService,
  type ServiceIncident,
} from '@gridworks/contracts';

const NAMES: Readonly<Record<PublicService, string>> = {
  api: 'The API',
  accounts: 'Log-in and keys',
  usage: 'Usage and plans',
  tickets: 'Tickets',
};
/** Signals that warn before a partner notices anything, or that only people of GridWorks can act on. */
const UNNOTICED: ReadonlySet<string> = new Set([
  'dead-letters.present',
  'disk.filling',
  'stream.filling',
  'clock.skewed',
  'database.slow-statement',
  'database.damaged',
  'billing.differs',
  'consumer.lagging',
  'anomaly.persists',
  'pauses.unreadable',
  'state.unreadable',
  'external.unresponsive',
  'business.failing',
  'errors.captured',
]);
/** Signals of incidents that end before most partners notice: calls under way were retried. */
const BRIEF: ReadonlySet<string> = new Set(['instance.restarted', 'server.restarted', 'connections.lost']);

/** An incident as partners may see it, or null when it does not affect them. Contains no internal name. */
export function inPartnerWords({
  id,
  cause,
  status,
  observed_at,
  began_at,
  resolved_at,
}: Incident): ServiceIncident | null {
  const isOver = resolved_at !== null;
  const shown = {
    object: 'service_incident' as const,
    id,
    status: isOver
      ? ('resolved' as const)
      : status === 'escalated'
        ? ('being_looked_at' as const)
        : ('healing' as const),
    since: began_at < observed_at ? began_at : observed_at,
    resolved_at,
  };
  if (cause.signal === 'frontend.failing') return { ...shown, services: [], ...ofPages(isOver) };
  const services = AFFECTED_SERVICES[cause.target.name];
  if (!services || UNNOTICED.has(cause.signal)) return null;
  const what = services.length === 4 ? 'All services' : services.map((service) => NAMES[service]).join(', ');
  const brief = BRIEF.has(cause.signal);
  const verb = services.length > 1 || what.includes(' and ') || what === 'Tickets' ? 'were' : 'was';
  const trouble = brief ? `${verb} interrupted for a moment` : `${verb} slow or did not respond`;
  return {
    ...shown,
    services: [...services],
    title: `${what} ${trouble}`,
    meaning: meaningOf(isOver, brief, status === 'escalated'),
  };
}

/** Pages of the console are no service of the API: calls go on. */
const ofPages = (isOver: boolean) => ({
  title: 'Pages of the console failed in some browsers',
  meaning: isOver
    ? 'Some pages did not load or did not work. The API was not affected.'
    : 'Some pages may not load or not work. The API is not affected. An engineer is working on it.',
});

function meaningOf(isOver: boolean, brief: boolean, isEscalated: boolean): string {
  if (isOver)
    return brief
      ? 'Calls of that moment were repeated. No confirmed write is lost.'
      : 'Some responses were late or 503. No confirmed write is lost; calls with 503 can be repeated.';
  const now = 'Some responses may be late or 503; repeat such calls after the time in Retry-After.';
  return isEscalated ? `${now} An engineer is working on it.` : `${now} It is being healed automatically.`;
}
