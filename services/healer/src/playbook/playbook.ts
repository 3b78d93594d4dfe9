import {
  type CauseSignal,
  REMEDY_NAMES,
  type RemedyName,
  remedyRow,
  SIGNAL_NAMES,
  SIGNALS,
  signalRow,
  type Target,
} from '@gridworks/contracts';

/** One step of a ladder: the remedy, and how its effect is verified. Times in milliseconds. */
export interface Rung {
  readonly remedy: RemedyName;
  /** The same remedy is not applied to the same process again before this time has passed. */
  readonly cooldownMs: number;
  /** How long the target must be healthy without a break. */
  readonly stabilisationMs: number;
  /** The next rung follows when the target is not healthy by then. */
  readonly verifyTimeoutMs: number;
}

export interface PlaybookRule {
  readonly name: string;
  readonly signal: CauseSignal;
  readonly on: Target['kind'];
  /** Soft symptoms wait this long for their cause to be detected; 0 acts at once. */
  readonly holdMs: number;
  /** For the whole fleet. Above it the incident is escalated to a human. */
  readonly maxPerHour: number;
  /** The reason for this ladder, for the timeline. */
  readonly because: string;
  readonly ladder: readonly Rung[];
}

const rung = (
  remedy: RemedyName,
  cooldownMs: number,
  stabilisationMs: number,
  verifyTimeoutMs: number,
): Rung => ({
  remedy,
  cooldownMs,
  stabilisationMs,
  verifyTimeoutMs,
});
const page = rung('page-human', 0, 0, 0);
const SECOND_MS = 1000;

/**
 * What is done about which signal. Read a row as: when `signal` fires on a service or server, climb the
 * ladder from left to right until the target is verified as healthy. The last rung is always a human.
 * README.md shows the playbook as a table.
 */
export const PLAYBOOK: readonly PlaybookRule[] = [
  {
    name: 'restart-unresponsive-instance',
    signal: 'instance.unresponsive',
    on: 'service',
    holdMs: 0,
    maxPerHour: 40,
    because: 'a process that does not respond at all does not recover by itself',
    // The second restart follows only when the outcome of the first is unknown; else the cooldown refuses it.
    ladder: [
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'confirm-restarted-instance',
    signal: 'instance.restarted',
    on: 'service',
    holdMs: 0,
    maxPerHour: 120,
    because: 'the platform restarts a process that ended; it must be verified that the process works again',
    ladder: [
      rung('platform.ensure-running', 0, 500, 10 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'relieve-unready-instance',
    signal: 'instance.not-ready',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 40,
    because: 'the process may become ready by itself; otherwise its connections are the likeliest reason',
    ladder: [
      rung('observe-only', 0, 500, 4 * SECOND_MS),
      rung('instance.reset-connections', 5 * SECOND_MS, 500, 4 * SECOND_MS),
      rung('instance.drain-and-exit', 15 * SECOND_MS, 500, 15 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'restart-stalled-instance',
    signal: 'instance.stalled',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 40,
    because: 'a long computation ends by itself; an endless one ends only with the process',
    // Longer than monitor takes to clear the signal, here and below.
    ladder: [
      rung('observe-only', 0, 500, 8 * SECOND_MS),
      rung('platform.replace', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'reset-lost-connections',
    signal: 'connections.lost',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 60,
    because: 'the server is the same as before, so fresh connections are enough',
    ladder: [
      rung('instance.reset-connections', 5 * SECOND_MS, 500, 6 * SECOND_MS),
      rung('instance.drain-and-exit', 15 * SECOND_MS, 500, 15 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'restart-silent-http',
    signal: 'http.unresponsive',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 20,
    because: 'partners get no response, although the process may report that it is healthy',
    ladder: [
      rung('observe-only', 0, 500, 3 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'restart-unresponsive-server',
    signal: 'server.unresponsive',
    on: 'server',
    holdMs: 0,
    maxPerHour: 20,
    because: 'every dependent waits; all three servers survive a kill without losing confirmed writes',
    ladder: [
      rung('platform.restart', 30 * SECOND_MS, 1 * SECOND_MS, 15 * SECOND_MS),
      rung('platform.restart', 30 * SECOND_MS, 1 * SECOND_MS, 15 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'confirm-restarted-server',
    signal: 'server.restarted',
    on: 'server',
    holdMs: 0,
    maxPerHour: 60,
    because:
      'the platform restarts a server that ended; it must be verified that the server and its dependents work again',
    ladder: [
      rung('platform.ensure-running', 0, 1 * SECOND_MS, 15 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 1 * SECOND_MS, 15 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'restart-bus-that-stores-nothing',
    signal: 'server.not-storing',
    on: 'server',
    holdMs: 0,
    maxPerHour: 20,
    because:
      'no confirmed write is safe, and a server whose files were removed opens them again only at its start',
    ladder: [rung('platform.restart', 30 * SECOND_MS, 1 * SECOND_MS, 20 * SECOND_MS), page],
  },
  {
    name: 'report-read-only-server',
    signal: 'server.read-only',
    on: 'server',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'a restart changes neither a setting, nor a standby, nor a full disk; reads still work',
    ladder: [page],
  },
  {
    name: 'report-damaged-database',
    signal: 'database.damaged',
    on: 'server',
    holdMs: 0,
    maxPerHour: 1000,
    because:
      'what damaged one index may have damaged more, and a repair could destroy what a backup still has',
    ladder: [page],
  },
  {
    name: 'report-billing-differences',
    signal: 'billing.differs',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'money is changed by a person alone, and a restart changes no figure',
    ladder: [page],
  },
  {
    name: 'free-waiting-sessions',
    signal: 'database.lock-pile-up',
    on: 'server',
    holdMs: 0,
    maxPerHour: 60,
    because:
      'who waits for the lock fails after 1.2 s, and what the one session has not committed it can do again',
    // No cooldown: the next symptom is about another session.
    ladder: [
      rung('postgres.end-statement', 0, 500, 5 * SECOND_MS),
      rung('postgres.end-session', 0, 500, 5 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'end-slow-statement',
    signal: 'database.slow-statement',
    on: 'server',
    holdMs: 0,
    maxPerHour: 60,
    because: 'no request waits that long for a statement, and it holds up the cleaning of all tables',
    ladder: [
      rung('postgres.end-statement', 0, 500, 5 * SECOND_MS),
      rung('postgres.end-session', 0, 500, 5 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'report-dead-letters',
    signal: 'dead-letters.present',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'an event that cannot be consumed is data: only a human may decide about it',
    ladder: [page],
  },
  {
    name: 'report-filling-stream',
    signal: 'stream.filling',
    on: 'server',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'only a human may delete events or give them more room; until then they wait in the outboxes',
    ladder: [page],
  },
  {
    name: 'restart-stalled-consumer',
    signal: 'consumer.stalled',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 20,
    because:
      'handlers that never end are part of the process; what they have not confirmed is delivered again',
    // Longer than three readings of the streams.
    ladder: [
      rung('platform.replace', 60 * SECOND_MS, 500, 30 * SECOND_MS),
      rung('platform.restart', 60 * SECOND_MS, 500, 30 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'let-pool-recover',
    signal: 'pool.exhausting',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 1000,
    because:
      'the process serves critical requests first and lets its pool grow by itself; only a human finds what holds the connections for long',
    ladder: [rung('observe-only', 0, 500, 45 * SECOND_MS), page],
  },
  {
    name: 'report-persisting-anomaly',
    signal: 'anomaly.persists',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because:
      'nobody is harmed, and an unusual figure does not say what would help; what harms has a signal of its own',
    ladder: [rung('observe-only', 0, 500, 50 * SECOND_MS), page],
  },
  {
    name: 'report-unreadable-pauses',
    signal: 'pauses.unreadable',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'it is not known what is paused, so the healer may not act',
    ladder: [page],
  },
  {
    name: 'report-unreadable-state',
    signal: 'state.unreadable',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'healing continues without the value; only a human can find out why it cannot be read',
    ladder: [page],
  },
  {
    name: 'report-absent-platform',
    signal: 'platform.away',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'the platform starts every process, and the healer cannot start the platform',
    ladder: [page],
  },
  {
    name: 'report-external-service',
    signal: 'external.unresponsive',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because:
      'nothing here can restart a service of somebody else, and processes use its backup by themselves',
    ladder: [page],
  },
  {
    name: 'report-failing-business-check',
    signal: 'business.failing',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'every server and service seems to work, so that only a human can find out what a partner meets',
    ladder: [page],
  },
  {
    name: 'report-overloaded-gateway',
    signal: 'gateway.overloaded',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'a restart does not end a flood, and a human decides whose requests to refuse',
    ladder: [page],
  },
  {
    name: 'make-room-on-disk',
    signal: 'disk.filling',
    on: 'service',
    holdMs: 0,
    maxPerHour: 60,
    because:
      'temporary files of ended processes and space in logs are given back without a loss; only a human may decide about anything else',
    // A reading of the disk every 2 s, a pulse a second, and 3 s until monitor clears the signal.
    ladder: [
      rung('disk.remove-temporary-files', 10 * SECOND_MS, 1 * SECOND_MS, 12 * SECOND_MS),
      rung('disk.compress-logs', 10 * SECOND_MS, 1 * SECOND_MS, 12 * SECOND_MS),
      rung('disk.remove-old-logs', 10 * SECOND_MS, 1 * SECOND_MS, 12 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'report-skewed-clock',
    signal: 'clock.skewed',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'only an operator of the machine may set its clock',
    ladder: [page],
  },
  {
    name: 'clear-caches-of-failing-service',
    signal: 'requests.failing',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 60,
    because:
      'the process works; a wrong value in a cache, a bad connection or a bad state of the process can be removed automatically, other reasons need a human',
    // Longer than monitor takes to clear the signal, here and below.
    ladder: [
      rung('instance.clear-cache', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      rung('instance.reset-connections', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      rung('platform.replace', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'relieve-slow-service',
    signal: 'requests.slow',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 60,
    because: 'no process or server is the reason that is known, so the gentlest remedies are tried first',
    ladder: [
      rung('instance.clear-cache', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      rung('instance.reset-connections', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      rung('platform.replace', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'relieve-service-with-low-throughput',
    signal: 'throughput.low',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 60,
    because:
      'callers wait and no process or server is the reason that is known; connections are the likeliest one',
    ladder: [
      rung('instance.reset-connections', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      rung('platform.replace', 300 * SECOND_MS, 500, 25 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'clear-cache-that-misses',
    signal: 'cache.missing',
    on: 'service',
    holdMs: 0,
    maxPerHour: 60,
    because:
      'a cache that was filled with what nobody asks for begins anew; it takes a minute until that shows',
    ladder: [rung('instance.clear-cache', 600 * SECOND_MS, 500, 90 * SECOND_MS), page],
  },
  {
    name: 'reset-filling-pool',
    signal: 'connections.filling',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 40,
    because: 'a lent connection that is not given back is free again after a reset, or in a new process',
    // A pulse comes each second, and the forecast ends with the next point, 15 s later.
    ladder: [
      rung('instance.reset-connections', 30 * SECOND_MS, 500, 25 * SECOND_MS),
      rung('platform.replace', 30 * SECOND_MS, 500, 25 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'replace-saturated-instance',
    signal: 'cpu.saturated',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 40,
    because:
      'what has taken the whole processor for half a minute does not end soon, and callers wait for it',
    ladder: [
      rung('platform.replace', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      rung('instance.drain-and-exit', 15 * SECOND_MS, 500, 20 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'replace-instance-with-filling-memory',
    signal: 'memory.filling',
    on: 'service',
    holdMs: 0,
    maxPerHour: 40,
    because:
      'memory that is not given back fills up until the process ends; a new process is ready before it does',
    // Only a cache can be given back. Where two processes cannot run beside each other, the process ends by itself first.
    ladder: [
      rung('instance.clear-cache', 5 * SECOND_MS, 500, 4 * SECOND_MS),
      rung('platform.replace', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      rung('instance.drain-and-exit', 15 * SECOND_MS, 500, 20 * SECOND_MS),
      rung('platform.restart', 15 * SECOND_MS, 500, 10 * SECOND_MS),
      page,
    ],
  },
  {
    name: 'report-failing-pages',
    signal: 'frontend.failing',
    on: 'service',
    holdMs: 0,
    maxPerHour: 1000,
    because: 'a restart serves the same files again; only a human can deploy another build',
    ladder: [page],
  },
  {
    name: 'report-lagging-consumer',
    signal: 'consumer.lagging',
    on: 'service',
    holdMs: 1500,
    maxPerHour: 1000,
    because: 'nothing is lost yet, and a restart would only make it later',
    ladder: [page],
  },
];

const pageOnly = (signal: CauseSignal, on: Target['kind']): PlaybookRule => ({
  name: 'ask-human',
  signal,
  on,
  holdMs: 0,
  maxPerHour: 1000,
  because: 'the playbook has no row for this signal',
  ladder: [page],
});

/**
 * Throws when a row names a signal, target or remedy that does not exist or does not fit, when a signal has
 * no row or two for a kind of target, when a ladder does not end with page-human, or when no ladder has a
 * remedy of the catalogue. The healer does not start then.
 */
export function checkPlaybook(playbook: readonly PlaybookRule[]): void {
  const problems: string[] = [];
  for (const { name, signal, on, ladder } of playbook) {
    if (!Object.hasOwn(SIGNALS, signal)) problems.push(`${name}: there is no signal ${signal}`);
    else if (!signalRow(signal).targets.includes(on))
      problems.push(`${name}: ${signal} is not about a ${on}`);
    for (const { remedy } of ladder) {
      const row = remedyRow(remedy);
      if (!row) problems.push(`${name}: there is no remedy ${remedy}`);
      else if (!row.targets.includes(on)) problems.push(`${name}: ${remedy} cannot be applied to a ${on}`);
    }
    if (ladder.findIndex(({ remedy }) => remedy === 'page-human') !== ladder.length - 1)
      problems.push(`${name}: the ladder must end with page-human, and only there`);
  }
  for (const remedy of REMEDY_NAMES)
    if (!playbook.some(({ ladder }) => ladder.some((one) => one.remedy === remedy)))
      problems.push(`no row reaches the remedy ${remedy}`);
  for (const signal of SIGNAL_NAMES)
    for (const on of signalRow(signal).targets) {
      const rows = playbook.filter((rule) => rule.signal === signal && rule.on === on).length;
      if (rows !== 1) problems.push(`${signal} on a ${on} has ${rows} rows instead of one`);
    }
  if (problems.length > 0) throw new Error(`the playbook is wrong: ${problems.join('; ')}`);
}

/** The row for a signal on a kind of target; a signal without a row is escalated to a human. */
export function ruleFor(
  playbook: readonly PlaybookRule[],
  signal: CauseSignal,
  target: Target,
): PlaybookRule {
  return (
    playbook.find((rule) => rule.signal === signal && rule.on === target.kind) ??
    pageOnly(signal, target.kind)
  );
}

/** The decision as a sentence for the timeline. */
export function explainDecision(rule: PlaybookRule, target: Target): string {
  const steps = rule.ladder.map(({ remedy }) => remedy).join(', then ');
  return `Rule ${rule.name} decided for ${target.process}: ${steps}; because ${rule.because}.`;
}
