import { createLogger, LOG_EVENTS } from '@gridworks/observability';
import pino from 'pino';
import { figure, median, table } from '../table.ts';

const LINES_A_ROUND = 20_000;

/** Discards a line: only its creation is measured. */
const NOWHERE = { write: (_line: string) => undefined };

const EVENT = 'http.request_slow';
const { meaning: MESSAGE } = LOG_EVENTS[EVENT];

/** A typical line: it contains no hint of a secret. */
const PLAIN = {
  operation: 'GET /v1/tickets/:id',
  status: 200,
  took_ms: 12.4,
  partner: { id: 'par_01jd8m2q6x', name: 'Harbour Energy', plan: 'growth' },
  attempts: [{ source: 'support.postgres.read', outcome: 'ok' }],
};
/** The same with secrets by name and by form. */
const MARKED = {
  ...PLAIN,
  headers: { authorization: 'Bearer not-a-real-token-0123456789', cookie: 'session=abc' },
  password: 'hunter2222',
  database: 'postgres://support:hunter2@db/portal',
};
/**
 * The paths that a user of pino's own redaction would configure: it knows only paths, and no secret inside of
 * a text.
 */
const PATHS = ['password', 'token', 'headers.authorization', 'headers.cookie', '*.password', '*.token'];

interface Candidate {
  readonly name: string;
  readonly line: 'no mark' | 'marks';
  readonly log: () => void;
}

/** pino with our settings, except for the redaction. */
const peer = (redact?: readonly string[]) =>
  pino(
    {
      base: { service: 'bench', instance: 'bench' },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({}),
      ...(redact && { redact: [...redact] }),
    },
    NOWHERE,
  );

function candidates(): Candidate[] {
  const plain = peer();
  const ours = createLogger({ service: 'bench', instance: 'bench', destination: NOWHERE });
  const redacting = peer(PATHS);
  const makers: Record<string, (fields: typeof PLAIN) => () => void> = {
    'pino, no redaction': (fields) => logAt(plain, fields),
    'ours: by name and by form': (fields) => () => ours.log(EVENT, fields),
    [`pino's redact, ${PATHS.length} paths`]: (fields) => logAt(redacting, fields),
  };
  return (['no mark', 'marks'] as const).flatMap((line) =>
    Object.entries(makers).map(([name, make]) => ({
      name,
      line,
      log: make(line === 'marks' ? MARKED : PLAIN),
    })),
  );
}

/** The same line from a peer, which has no table of codes. */
function logAt(logger: pino.Logger, fields: typeof PLAIN): () => void {
  const all = { event: EVENT, ...fields };
  return () => logger.warn(all, MESSAGE);
}

function nanosecondsALine(log: () => void): number {
  const before = process.hrtime.bigint();
  for (let i = 0; i < LINES_A_ROUND; i++) log();
  return Number(process.hrtime.bigint() - before) / LINES_A_ROUND;
}

export interface LogLineFigure {
  readonly name: string;
  readonly line: 'no mark' | 'marks';
  readonly ns_a_line: number;
  /** Median over the rounds: this line's cost divided by that of pino without redaction in the same round. */
  readonly over_pino: number;
}

/** The cost of redaction per log line. Rounds are interleaved; ratios are computed within a round. */
export async function runLogLine(options: { rounds: number; say: (line: string) => void }) {
  const all = candidates();
  const rounds = new Map<Candidate, number[]>(all.map((one) => [one, []]));
  for (const { log } of all) nanosecondsALine(log);
  for (let round = 0; round < options.rounds; round++) {
    for (const one of all) rounds.get(one)?.push(nanosecondsALine(one.log));
    options.say(`round ${round + 1} of ${options.rounds}`);
  }
  const figures: LogLineFigure[] = all.map((one) => {
    const floor = all.find(({ line }) => line === one.line) as Candidate;
    const own = rounds.get(one) ?? [];
    const ratios = own.map((ns, round) => ns / (rounds.get(floor)?.[round] ?? Number.NaN));
    return { name: one.name, line: one.line, ns_a_line: median(own), over_pino: median(ratios) };
  });
  const text = table(
    ['a log line', 'with', 'ns a line', 'x pino'],
    figures.map((row) => [row.name, row.line, figure(row.ns_a_line), figure(row.over_pino)]),
  );
  return { suite: 'log-line', figures, text };
}
