/** What a signal can be about. */
export type TargetKind = 'service' | 'server';

/** Everything that is known of a signal, in one place. Correlation, hysteresis, proof, mail and documents read it. */
export interface SignalRow {
  /** Kinds of targets that it can be raised for. The playbook has one row for each of them. */
  readonly targets: readonly TargetKind[];
  /**
   * `hard`: certain by itself, and may explain others. `soft`: often the consequence of another fault, so it waits for
   * the cause. `advisory`: joins no other incident and explains none.
   */
  readonly strength: 'hard' | 'soft' | 'advisory';
  /** It only reports: it has an incident of its own even beside other trouble of the same process, and explains no errors. */
  readonly reportOnly: boolean;
  /** It happened once, and is reported even when it is over before it could be. The others are states. */
  readonly momentary: boolean;
  /** `probe`: recovery is proven by probing the target. `cleared`: only by the signal being cleared. */
  readonly proof: 'probe' | 'cleared';
  /** Soft signals of the same process are its consequence while it lasts: nothing is done about them. */
  readonly explainsSoft?: boolean;
  /** How long it must last before it is raised, and be absent before it is cleared. Milliseconds. */
  readonly raiseAfterMs: number;
  readonly clearAfterMs: number;
  /**
   * What calls name the dependency that it is about, when that is no target of its own: errors of such calls belong to its
   * incident.
   */
  readonly dependency?: string;
  /** After the name of the target, in a title or the subject of a mail: `billing does not respond`. */
  readonly phrase: string;
  /** After the name of the target, in the body of a mail. */
  readonly sentence: string;
}

const STATE = { reportOnly: false, momentary: false, proof: 'probe' } as const;
const REPORT = { reportOnly: true, momentary: false, proof: 'cleared' } as const;

/** What can be wrong, as a closed list. A new signal is a row here, its judge in monitor and its row in the playbook. */
export const SIGNALS = {
  /** No pulse, and neither its health port nor its control request answers. */
  'instance.unresponsive': {
    ...STATE,
    targets: ['service'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'does not respond',
    sentence: 'gave no sign of life, and answered neither its health port nor a control request',
  },
  /** The same name, another boot: it ended and the platform started it again. */
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
  /** Alive, but says it cannot work, and no dependency explains it. */
  'instance.not-ready': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 3000,
    clearAfterMs: 1000,
    phrase: 'is alive but cannot work',
    sentence: 'is alive but says that it cannot work, and no dependency explains it',
  },
  /** Its event loop is held up for seconds. */
  'instance.stalled': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 3000,
    phrase: 'is held up',
    sentence: 'was held up for seconds (its event loop did not turn)',
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
  /** A server does not answer an independent probe. */
  'server.unresponsive': {
    ...STATE,
    targets: ['server'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'does not respond',
    sentence: 'does not answer an independent probe',
  },
  /** It answers, but is another boot than before. */
  'server.restarted': {
    ...STATE,
    momentary: true,
    targets: ['server'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'ended and was started again',
    sentence: 'answers, but was started anew in between',
  },
  /** The bus answers, and keeps nothing of what it confirms: every event and all state of the healer is at stake. */
  'server.not-storing': {
    ...STATE,
    targets: ['server'],
    strength: 'hard',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'answers but stores nothing',
    sentence: 'answers, but what is written to it cannot be read back',
  },
  /** PostgreSQL answers reads and refuses writes: it is read-only, or its disk is full. Only a human knows why it is so. */
  'server.read-only': {
    ...STATE,
    targets: ['server'],
    strength: 'hard',
    proof: 'cleared',
    raiseAfterMs: 0,
    clearAfterMs: 500,
    phrase: 'answers but takes no writes',
    sentence: 'answers, but refuses every write',
  },
  /** The gateway does not answer over HTTP from outside the bus. */
  'http.unresponsive': {
    ...STATE,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 0,
    clearAfterMs: 1000,
    phrase: 'does not answer over HTTP',
    sentence: 'does not answer over HTTP from outside',
  },
  /** An event was given up by its consumer. */
  'dead-letters.present': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 60_000,
    phrase: 'gave up events that a human must look at',
    sentence: 'gave up an event, which now waits among the dead letters',
  },
  /** More requests arrive than the gateway can answer in time, and it refuses some. A restart heals no flood. */
  'gateway.overloaded': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    explainsSoft: true,
    raiseAfterMs: 3000,
    clearAfterMs: 10000,
    phrase: 'is overloaded and refuses requests',
    sentence: 'refuses requests with 503 because more arrive than it can answer in time',
  },
  /** The disk of its working folder has little room left. */
  'disk.filling': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 10000,
    clearAfterMs: 30000,
    phrase: 'has little room left on its disk',
    sentence: 'has less than 5 % of free space on the disk of its working folder',
  },
  /** Its clock differs from the one of monitor. */
  'clock.skewed': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 10000,
    clearAfterMs: 10000,
    phrase: 'has a clock that is wrong',
    sentence: 'has a clock that differs from the one of monitor by more than 5 s',
  },
  /** A good part of its requests fails, whether or not anybody captured an error. */
  'requests.failing': {
    ...REPORT,
    targets: ['service'],
    strength: 'soft',
    raiseAfterMs: 20000,
    clearAfterMs: 15000,
    phrase: 'fails a good part of its requests',
    sentence: 'fails a quarter or more of its requests, by its own counts',
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
  /** The healer cannot read the document of its pauses: it does as if everything were paused. Seen by the healer. */
  'pauses.unreadable': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 0,
    phrase: 'cannot read its pauses, so that everything is paused',
    sentence:
      'cannot read its pauses, so that it does nothing by itself until a pause is made anew (POST /v1/admin/pauses)',
  },
  /** The healer cannot read another value that it stored, and goes on without it. Seen by the healer. */
  'state.unreadable': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 0,
    clearAfterMs: 0,
    phrase: 'cannot read a part of what it stored',
    sentence: 'cannot read a part of what it stored and goes on without it; its log has the value',
  },
  /** The supervisor or container engine answers the healer no more: whoever ends now stays away. Seen by the healer. */
  'platform.away': {
    ...REPORT,
    targets: ['service'],
    strength: 'advisory',
    raiseAfterMs: 5000,
    clearAfterMs: 0,
    dependency: 'platform',
    phrase: 'cannot reach the platform, so that nothing that ends is started again',
    sentence:
      'cannot reach the platform (the supervisor, or the container engine): whatever ends or hangs now is not started again',
  },
} as const satisfies Record<string, SignalRow>;

export type Signal = keyof typeof SIGNALS;
export const SIGNAL_NAMES = Object.keys(SIGNALS) as readonly Signal[];

/** What an incident can be about: what monitor sees, and what a process reports of its own calls. */
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

/** The row of a signal, as the type that all rows share. */
export const signalRow = (signal: CauseSignal): SignalRow => CAUSES[signal];
