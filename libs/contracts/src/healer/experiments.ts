/** A fault that `npm run chaos` injects, and how far it reaches. */
export interface Experiment {
  readonly name: string;
  readonly does: string;
  /** Its possible targets: any service, services that can be replaced, services with tables, one server, or nothing. */
  readonly targets:
    | 'services'
    | 'replaceable'
    | 'database-users'
    | 'auth'
    | 'billing'
    | 'nats'
    | 'postgres'
    | 'redis'
    | 'nobody';
  /** What partners may notice during the experiment, in one sentence. */
  readonly blast_radius: string;
  /** Not a single request may fail. */
  readonly unnoticed?: true;
  /** How long it may take from the fault until everything is healed, s; 60 without it. */
  readonly heals_within_seconds?: number;
  /** It is done to a portal of its own on a small disk, beside the one that runs. */
  readonly own_portal?: true;
}

const ONE_SERVICE = 'One instance of one service: its requests wait or are repeated, for about a second.';
const ONE_FROZEN = 'One instance of one service: its requests wait until it is restarted, for some seconds.';

/** Every experiment, in the order in which the suite runs them. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'service-kill',
    does: 'kills a service with SIGKILL; the platform has to start it again',
    targets: 'services',
    blast_radius: ONE_SERVICE,
  },
  {
    name: 'service-freeze',
    does: 'stops a service with SIGSTOP: its sockets stay open and nothing responds',
    targets: 'services',
    blast_radius: ONE_FROZEN,
  },
  {
    name: 'nats-kill',
    does: 'kills the bus with SIGKILL',
    targets: 'nats',
    blast_radius: 'Every request that needs a service, until the bus is back, for about a second.',
  },
  {
    name: 'nats-freeze',
    does: 'stops the bus with SIGSTOP; the bus itself cannot report it',
    targets: 'nats',
    blast_radius: 'Every request that needs a service, until the bus is restarted, for some seconds.',
  },
  {
    name: 'postgres-kill',
    does: 'kills PostgreSQL’s first process with SIGKILL',
    targets: 'postgres',
    blast_radius:
      'Everything that is stored, until the database is back, for about a second; plans still respond.',
  },
  {
    name: 'postgres-freeze',
    does: 'stops PostgreSQL and all its children with SIGSTOP',
    targets: 'postgres',
    blast_radius: 'Everything that is stored, until the database is restarted, for some seconds.',
  },
  {
    name: 'redis-kill',
    does: 'kills Redis with SIGKILL',
    targets: 'redis',
    blast_radius: 'Nothing that partners notice: limits are counted by each gateway alone meanwhile.',
  },
  {
    name: 'redis-freeze',
    does: 'stops Redis with SIGSTOP',
    targets: 'redis',
    blast_radius: 'Nothing that partners notice: limits are counted by each gateway alone meanwhile.',
  },
  {
    name: 'connections-cut',
    does: 'ends every database connection of one service (pg_terminate_backend) while the server stays up',
    targets: 'database-users',
    blast_radius: 'Requests of one service that are under way; they are repeated on new connections.',
  },
  {
    name: 'consumer-stall',
    does: 'has the handlers of usage events never end, so that billing reads no more of them',
    targets: 'billing',
    blast_radius: 'Usage is counted late, by about a minute; nothing else.',
    heals_within_seconds: 120,
  },
  {
    name: 'pool-exhaustion',
    does: 'opens ten dashboards of 16 slow queries at once, for a pool of 20 connections',
    targets: 'auth',
    blast_radius: 'Lists of API keys wait or are refused for some seconds; log-in and key checks go on.',
  },
  {
    name: 'lock-pile-up',
    does: 'locks the table of tickets in a session of the role support, which then sleeps; six others wait behind it',
    targets: 'postgres',
    blast_radius: 'Requests about tickets, until that session’s statement is cancelled, for some seconds.',
  },
  {
    name: 'slow-query',
    does: 'runs a statement without end in a session of the role support',
    targets: 'postgres',
    blast_radius: 'Nothing that partners notice.',
  },
  {
    name: 'memory-leak',
    does: 'has a service keep 8 MB more of its heap each second, until it would end',
    targets: 'replaceable',
    blast_radius:
      'Nothing that partners notice: another process takes its place before the memory is used up.',
    unnoticed: true,
    heals_within_seconds: 120,
  },
  {
    name: 'event-loop-block',
    does: 'blocks the event loop of a service for 1.5 s again and again',
    targets: 'replaceable',
    blast_radius: 'One instance of one service: its requests are slow, some are refused, for about 20 s.',
    heals_within_seconds: 90,
  },
  {
    name: 'cpu-burn',
    does: 'has a service compute without end in slices of 160 ms, so that its requests are slow',
    targets: 'replaceable',
    blast_radius: 'One instance of one service: its requests are slow for about 40 s.',
    heals_within_seconds: 120,
  },
  {
    name: 'disk-filling',
    does: 'fills a small disk with logs, drafts of an ended process and a file of somebody else, until 92 % are used',
    targets: 'auth',
    own_portal: true,
    blast_radius: 'Nothing that partners notice: room is made before the disk is full.',
    unnoticed: true,
    heals_within_seconds: 120,
  },
  {
    name: 'disk-full',
    does: 'fills a small disk with a file that only a human may delete, at last to the last byte for ten seconds',
    targets: 'auth',
    own_portal: true,
    blast_radius:
      'Metered calls and writes are refused while not a byte is free; nothing that was confirmed is lost.',
    heals_within_seconds: 180,
  },
  {
    name: 'none',
    does: 'injects no fault, to verify that the healer does nothing: the control run',
    targets: 'nobody',
    blast_radius: 'Nothing.',
  },
];

/** The label of incidents during a run of an experiment: `chaos: service-kill billing`. */
export const experimentLabel = (experiment: string, target: string | undefined): string =>
  `chaos: ${experiment}${target ? ` ${target}` : ''}`;
