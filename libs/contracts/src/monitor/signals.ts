/** The kinds of targets of a signal. */
export type TargetKind = 'service' | 'server';

/** Everything about a signal, in one place. Correlation, hysteresis, proof, mails and documents read it. */
export interface SignalRow {
  /** Kinds of targets that the signal can be raised for. The playbook has one row for each of them. */
  readonly targets: readonly TargetKind[];
  /**
   * `hard`: certain by itself, and may explain others. `soft`: often the consequence of another fault, so its
   * incident waits for the cause. `advisory`: joins no other incident and explains none.
   */
  readonly strength: 'hard' | 'soft' | 'advisory';
  /**
   * The signal only reports: it has an incident of its own even beside another symptom of the same process,
   * and explains no errors.
   */
  readonly reportOnly: boolean;
  /** The signal is a moment, not a state, and is reported even when it is over before the report. */
  readonly momentary: boolean;
  /** `probe`: recovery is proven by probing the target. `cleared`: only by the signal being cleared. */
  readonly proof: 'probe' | 'cleared';
  /**
   * Signals of the same process that are a consequence of this one while it lasts: nothing is done about them. `soft`: all
   * soft ones that do not only report.
   */
  readonly explains?: 'soft' | readonly string[];
  /**
   * The target works, and is only slow or short of something: the signal explains no error that does not end by itself, so
   * that no bug hides behind it.
   */
  readonly explainsPassingOnly?: boolean;
  /**
   * How long the fault must last before the signal is raised, and be absent before it is cleared.
   * Milliseconds.
   */
  readonly raiseAfterMs: number;
  readonly clearAfterMs: number;
  /**
   * The dependency of the signal by its name in call sites, when the dependency is not a target itself:
   * errors of its calls belong to the incident.
   */
  readonly dependency?: string;
  /** After the name of the target, in a title or the subject of a mail: `billing does not respond`. */
  readonly phrase: string;
  /** After the name of the target, in the body of a mail. */
  readonly sentence: string;
}

/** A process that gets no processor keeps its connections for longer, and takes their results later. */
const CONNECTIONS = ['pool.exhausting', 'connections.filling'] as const;

const STATE = { reportOnly: false, momentary: false, proof: 'probe' } as const;
const REPORT = { reportOnly: true, momentary: false, proof: 'cleared' } as const;

/**
 * Shares of a disk that are used, as `df` counts: from `filling` on the disk is reported as filling, and not any more below `eased`.
 * From `full` on its check fails.
 */
export const DISK_USE = { filling: 0.85, eased: 0.8, full: 0.95 } as const;

/**
 * The closed list of signals. A new signal is a row here, its judge in monitor and its row in the playbook.
 */
export const SIGNALS = {
  /** No pulse, and no response from its health port or to a control request. */
  'instance.unresponsive': {
    ...STATE,
    targets: ['service'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'does not respond',
    sentence: 'sent no pulse, and responded neither at its health port nor to a control request',
  },
  /** The same name with another boot: the process ended and the platform started it again. */
  'instance.restarted': {
    ...STATE,
    momentary: true,
    targets: ['service'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'ended and was started again',
    sentence: 'ended and was started again by the platform',
  },
  /** Alive, but reports that it cannot work, and no dependency explains that. */
  'instance.not-ready': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 3000,
    clearAfterMs: 1000,
    phrase: 'is alive but cannot work',
    sentence: 'is alive but reports that it cannot work, and no dependency explains that',
  },
  /** Its event loop is blocked for seconds, again and again. One pulse without a block proves nothing. */
  'instance.stalled': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    proof: 'cleared',
    explains: CONNECTIONS,
    raiseAfterMs: 0,
    clearAfterMs: 3000,
    phrase: 'is held up',
    sentence: 'was held up for seconds (its event loop was blocked)',
  },
  /** Its pool lost connections while the server stayed up. */
  'connections.lost': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'lost its connections',
    sentence: 'lost connections although the server behind them stayed up',
  },
  /** A server does not respond to an independent probe. */
  'server.unresponsive': {
    ...STATE,
    targets: ['server'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'does not respond',
    sentence: 'does not respond to an independent probe',
  },
  /** A server responds, with another boot than before. */
  'server.restarted': {
    ...STATE,
    momentary: true,
    targets: ['server'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'ended and was started again',
    sentence: 'responds, but was restarted in between',
  },
  /**
   * The bus responds, and does not keep what it confirms: every event and the whole state of the healer are
   * at risk.
   */
  'server.not-storing': {
    ...STATE,
    targets: ['server'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'responds but stores nothing',
    sentence: 'responds, but a written value cannot be read back',
  },
  /**
   * PostgreSQL serves reads and refuses writes: it is read-only, or its disk is full. Only a human knows the
   * reason.
   */
  'server.read-only': {
    ...STATE,
    targets: ['server'],
    strength: 'hard',
    proof: 'cleared',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'responds but refuses writes',
    sentence: 'responds, but refuses every write',
  },
  /**
   * One session of PostgreSQL keeps several others waiting for a lock, or is idle in a transaction and keeps any
   * waiting. The server is well; whoever needs the lock is not.
   */
  'database.lock-pile-up': {
    ...STATE,
    explainsPassingOnly: true,
    targets: ['server'],
    strength: 'hard',
    proof: 'cleared',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'has sessions that wait for one other session',
    sentence: 'has a session that keeps others waiting for a lock',
  },
  /** An index of PostgreSQL is damaged: a disk, memory or software has changed what was written. Only a human knows what else is. */
  'database.damaged': {
    ...REPORT,
    targets: ['server'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'has a damaged index',
    sentence:
      'has an index that is damaged. Nothing is repaired by itself, since other data may be damaged, too: look at the disk, and restore the last verified backup (npm run restore); REINDEX is enough only when the index alone is damaged',
  },
  /** The nightly reconciliation found that meter, invoices, ledger and payment provider do not agree, or did not get to its end. */
  'billing.differs': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'has figures that do not agree',
    sentence:
      'has usage, invoices, postings and payments that do not agree, or could not compare them. Nothing is changed by itself: run npm run billing -- reconcile, which names each difference, and correct what was charged wrongly by a credit note',
  },
  /** A statement runs far longer than any of the services'. Nobody needs to notice it. */
  'database.slow-statement': {
    ...REPORT,
    targets: ['server'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'runs a statement without end',
    sentence: 'runs a statement that takes longer than 30 s',
  },
  /** The gateway does not respond over HTTP from outside the bus. */
  'http.unresponsive': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 1000,
    phrase: 'does not respond over HTTP',
    sentence: 'does not respond over HTTP from outside',
  },
  /** A consumer gave up an event, and nobody has decided yet what becomes of it. */
  'dead-letters.present': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 60_000,
    phrase: 'gave up events that a human must look at',
    sentence: 'gave up an event, which now waits among the dead letters',
  },
  /**
   * More requests arrive than the gateway can serve in time, and it refuses some. A restart does not heal a
   * flood.
   */
  'gateway.overloaded': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    explains: 'soft',
    raiseAfterMs: 3000,
    clearAfterMs: 10000,
    phrase: 'is overloaded and refuses requests',
    sentence: 'refuses requests with 503 because more arrive than it can serve in time',
  },
  /** A disk that holds one of its folders is used to 85 % or more, or a forecast says that it will be full. `DISK_USE` has the limits. */
  'disk.filling': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 5000,
    clearAfterMs: 3000,
    phrase: 'has little room left on its disk',
    sentence: 'has a disk that is used to 85 % or more, or that a forecast says will be full',
  },
  /** Its clock differs from that of monitor. */
  'clock.skewed': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 10000,
    clearAfterMs: 10000,
    phrase: 'has a clock that is wrong',
    sentence: 'has a clock that differs from the one of monitor by more than 5 s',
  },
  /** A large part of its requests fails, whether or not any process captured an error. */
  'requests.failing': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 5000,
    phrase: 'fails a large part of its requests',
    sentence: 'fails more than 5 % of its requests (of few requests: a quarter), by its own counts',
  },
  /** Its requests take too long, whatever takes the time. */
  'requests.slow': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 5000,
    phrase: 'takes too long for its requests',
    sentence: 'takes more than 2 s for one request in twenty, by its own counts',
  },
  /** It serves far fewer requests than usual, while more than usual wait. */
  'throughput.low': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 5000,
    phrase: 'serves far fewer requests than usual while callers wait',
    sentence: 'serves less than half of its usual requests a second, while more than usual wait for it',
  },
  /** One of its caches has less than a third of what it is asked for. */
  'cache.missing': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 5000,
    phrase: 'finds little in one of its caches',
    sentence: 'finds less than 30 % of what it looks up in one of its caches, which makes its requests slow',
  },
  /**
   * A forecast says that no connection to PostgreSQL will be free in its pool soon: connections are lent and not given back. Not
   * `pool.exhausting`, which is a shortage of now that the process eases itself: here a reset gives them back.
   */
  'connections.filling': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 5000,
    phrase: 'gets fewer and fewer connections back',
    sentence: 'lends more and more of its connections to PostgreSQL and gets fewer back',
  },
  /** It uses up its processor, and its requests suffer. How long it must last is decided by the judge. */
  'cpu.saturated': {
    ...STATE,
    explainsPassingOnly: true,
    targets: ['service'],
    strength: 'soft',
    proof: 'cleared',
    explains: CONNECTIONS,
    raiseAfterMs: 0,
    clearAfterMs: 3000,
    phrase: 'uses up its processor',
    sentence: 'has used more than 80 % of a processor for 30 s, so that its requests suffer',
  },
  /** Its memory is nearly used up, or will be so soon, and does not become free. */
  'memory.filling': {
    ...STATE,
    explainsPassingOnly: true,
    targets: ['service'],
    strength: 'soft',
    proof: 'cleared',
    // How long it must last is decided by the judge: a forecast need not wait.
    raiseAfterMs: 0,
    clearAfterMs: 1000,
    phrase: 'is running out of memory',
    sentence: 'is using up its memory and does not give it back, and ends when nothing is left',
  },
  /** Pages of one build of the console fail in a good part of the browsers. Only another build cures that. */
  'frontend.failing': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 20_000,
    clearAfterMs: 30_000,
    phrase: 'serves pages that fail in browsers',
    sentence: 'serves pages of the console that fail in a quarter or more of the browsers that report',
  },
  /** A durable consumer falls behind. */
  'consumer.lagging': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 30_000,
    clearAfterMs: 5000,
    phrase: 'falls behind with its events',
    sentence: 'falls behind with the events it consumes',
  },
  /** A durable consumer reads nothing, although events wait for it and its process runs. */
  'consumer.stalled': {
    ...STATE,
    explainsPassingOnly: true,
    targets: ['service'],
    strength: 'soft',
    proof: 'cleared',
    raiseAfterMs: 12_000,
    clearAfterMs: 4000,
    phrase: 'reads no events any more',
    sentence: 'reads none of the events that wait for it, although the process runs',
  },
  /**
   * The stream of events has used up most of its room. A full stream refuses new events, which then wait in the
   * outboxes: nothing is lost, and nothing goes on.
   */
  'stream.filling': {
    ...REPORT,
    targets: ['server'],
    strength: 'advisory',
    raiseAfterMs: 10_000,
    clearAfterMs: 30_000,
    phrase: 'has little room left for events',
    sentence: 'has used 80 % or more of the room for events, and refuses new ones when it is used up',
  },
  /**
   * Connections to PostgreSQL run out. The process eases that itself: critical requests come first, others wait, and the
   * pool grows where PostgreSQL has room.
   */
  'pool.exhausting': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    // Two pulses: a burst of less than a second is served, and is no trouble.
    raiseAfterMs: 1100,
    clearAfterMs: 3000,
    phrase: 'runs out of connections',
    sentence:
      'has so few connections to PostgreSQL left that it serves critical requests first and refuses others',
  },
  /**
   * Figures of a process changed far more than they usually do, and nothing else explains it. Nobody is harmed yet: five
   * minutes tell a change that lasts from a burst.
   */
  'anomaly.persists': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 300_000,
    clearAfterMs: 5000,
    phrase: 'behaves in an unusual way',
    sentence:
      'has figures that have been far from their usual level for minutes, and nothing else explains it',
  },
  /**
   * The healer cannot read the document of its pauses, and acts as if everything were paused. Reported by the
   * healer.
   */
  'pauses.unreadable': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 0,
    phrase: 'cannot read its pauses, so that everything is paused',
    sentence:
      'cannot read its pauses, so that it takes no action until a new pause is made (POST /v1/admin/pauses)',
  },
  /**
   * The healer cannot read another value that it stored, and continues without it. Reported by the healer.
   */
  'state.unreadable': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 0,
    phrase: 'cannot read a part of what it stored',
    sentence: 'cannot read a part of what it stored and continues without it; its log has the value',
  },
  /**
   * The supervisor or container engine does not respond to the healer any more: a process that ends now is
   * not started again. Reported by the healer.
   */
  'platform.away': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 5000,
    clearAfterMs: 0,
    dependency: 'platform',
    phrase: 'cannot reach the platform, so that a process that ends is not started again',
    sentence:
      'cannot reach the platform (the supervisor, or the container engine): a process that ends or hangs now is not started again',
  },
  /**
   * A service of somebody else (mail server, Twilio, model) fails its check. Nothing here can restart it, and the
   * processes that use it go round it already: a human is told when it has lasted.
   */
  'external.unresponsive': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 180_000,
    clearAfterMs: 120_000,
    phrase: 'uses an external service that does not work',
    sentence: 'uses a service of somebody else (mail, SMS or the model) whose check fails',
  },
  /** A partner could not use the portal although every part of it seems to work, or calls are counted wrongly. */
  'business.failing': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 10_000,
    clearAfterMs: 120_000,
    phrase: 'fails the synthetic partner',
    sentence: 'fails the synthetic partner of monitor although every server and service seems to work',
  },
} as const satisfies Record<string, SignalRow>;

export type Signal = keyof typeof SIGNALS;
export const SIGNAL_NAMES = Object.keys(SIGNALS) as readonly Signal[];

/**
 * The possible causes of an incident: signals of monitor, and errors that a process reports of its own calls.
 */
export const CAUSES = {
  ...SIGNALS,
  'errors.captured': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 0,
    phrase: 'caught errors of its own calls',
    sentence: 'caught errors of its own calls that it could not heal',
  },
} as const satisfies Record<string, SignalRow>;

export type CauseSignal = keyof typeof CAUSES;
export const CAUSE_SIGNALS = Object.keys(CAUSES) as readonly CauseSignal[];

/** The row of a signal, in the type that all rows share. */
export const signalRow = (signal: CauseSignal): SignalRow => CAUSES[signal];
