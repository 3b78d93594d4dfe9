import type { State } from '../html/state-mark.ts';

/** One day of a component, UTC. */
export interface Day {
  readonly date: string;
  readonly state: State;
  /**
   * Text about the day beside its state: the share of time in which the component worked, and its incidents.
   */
  readonly words: string;
}

export interface ComponentStatus {
  readonly name: string;
  readonly state: State;
  /** Oldest first. */
  readonly days: readonly Day[];
}

/** A `service_incident`, in words for partners. */
export interface PublicIncident {
  readonly title: string;
  /** What the incident means for callers. */
  readonly meaning: string;
  readonly state: State;
  readonly beganAt: string;
  readonly resolvedAt: string | null;
}

/** The overall part of `GET /v1/public/status`, which every page shows. */
export interface PublicSummary {
  readonly state: State;
  readonly observedAt: string | null;
  /** Faults that healed without a human within `windowDays`; null when it is not known. */
  readonly healedAlone: number | null;
  readonly windowDays: number;
}

/** `GET /v1/public/status` in the form that the status page uses. */
export interface PublicStatus extends PublicSummary {
  readonly components: readonly ComponentStatus[];
  readonly open: readonly PublicIncident[];
  readonly past: readonly PublicIncident[];
}

const WORDS: Readonly<Record<string, State>> = {
  pass: 'pass',
  operational: 'pass',
  warn: 'warn',
  degraded: 'warn',
  fail: 'fail',
  down: 'fail',
  // The states of incidents.
  healing: 'warn',
  being_looked_at: 'fail',
  resolved: 'pass',
};

/** The names that partners know, by the names of the API. */
const SERVICES: Readonly<Record<string, string>> = {
  api: 'API',
  accounts: 'Accounts and keys',
  usage: 'Usage and plans',
  tickets: 'Support tickets',
};

type Json = Readonly<Record<string, unknown>>;

export const stateOf = (word: unknown): State => WORDS[String(word)] ?? 'unknown';

/** The overall state as a sentence. */
export const overallSentence = (state: State): string =>
  ({
    pass: 'Everything works',
    warn: 'It works, with trouble',
    fail: 'Something does not work',
    unknown: 'The state is not known',
  })[state];

/** The age from which a state is shown as unknown, in milliseconds. */
export const STALE_AFTER_MS = 120_000;

/** Reads the overall part of a response. A missing or malformed member is unknown, never good. */
export function readSummary(response: unknown): PublicSummary {
  const json = objectOf(response);
  const healing = objectOf(json.healing);
  return {
    state: stateOf(json.status),
    observedAt: textOf(json.observed_at),
    healedAlone: numberOf(healing.healed_without_human),
    windowDays: numberOf(healing.window_days) ?? 30,
  };
}

/** Reads a whole response, as `readSummary` does. */
export function readStatus(response: unknown): PublicStatus {
  const json = objectOf(response);
  return {
    ...readSummary(response),
    components: listOf(json.components).map((component) => ({
      name: nameOf(textOf(component.name) ?? textOf(component.service) ?? 'Unnamed'),
      state: stateOf(component.status),
      days: listOf(component.days).map(readDay),
    })),
    open: listOf(json.open_incidents).map(readIncident),
    past: listOf(json.past_incidents).map(readIncident),
  };
}

function readDay(day: Json): Day {
  const uptime = numberOf(day.uptime);
  const gap = numberOf(day.no_data_seconds) ?? 0;
  const worked = uptime === null ? '' : `known to have worked ${percent(uptime)} % of the time`;
  // A day of which nothing at all is known says so by its state.
  const noData = uptime !== null && gap >= 60 ? `nothing known of ${inWords(gap)}` : '';
  return {
    date: textOf(day.date) ?? '',
    state: stateOf(day.status),
    words: [worked, noData].filter(Boolean).join(', '),
  };
}

/** Never rounded up to 100. */
const percent = (share: number): string =>
  share === 1 ? '100' : (Math.floor(share * 10_000) / 100).toFixed(2);

const readIncident = (incident: Json): PublicIncident => ({
  title: textOf(incident.title) ?? 'Incident',
  meaning: textOf(incident.meaning) ?? '',
  state: incident.resolved_at ? 'pass' : stateOf(incident.status),
  beganAt: textOf(incident.since) ?? '',
  resolvedAt: textOf(incident.resolved_at),
});

const nameOf = (name: string): string => SERVICES[name] ?? name;

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.map(objectOf) : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** How long it was from one moment to another: `44 s`, `3 min 5 s`, `2 h 10 min`. */
export const duration = (fromIso: string, toIso: string): string =>
  inWords(Math.max(0, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 1000)));

function inWords(seconds: number): string {
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  return pair(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
}
