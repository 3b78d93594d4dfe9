import type { LogEventRow } from './log-event-row.ts';

/** Log lines of the healer about the model and about patterns. */
export const MODEL_EVENTS = {
  'incident.advice_failed': {
    level: 'warn',
    meaning: 'The suggestion of the model could not be written to its incident.',
    action: 'none',
  },
  'model.cap_reached': {
    level: 'warn',
    meaning: 'The model gets no prompt until a cap on its use allows one.',
    action: 'Raise the cap when the suggestions are worth the money.',
  },
  'model.consider_failed': {
    level: 'error',
    meaning: 'Captured errors could not be considered for a prompt to the model.',
    action: 'Report it to the developers with `error`.',
  },
  'model.prompt_failed': {
    level: 'error',
    meaning: 'A prompt to the model failed before it was sent or after its response came.',
    action: 'Report it to the developers with `error` when it repeats while NATS is healthy.',
  },
  'model.suggested': {
    level: 'info',
    meaning: 'The model returned a verdict, which is a suggestion and is not applied.',
    action: 'none',
  },
  'model.unanswered': {
    level: 'warn',
    meaning: 'The model did not respond to a prompt.',
    action: 'Check the key and the state of the provider when it repeats.',
  },
  'model.verdict_refused': {
    level: 'warn',
    meaning: 'The response of the model is not a valid verdict; it was refused.',
    action: 'none',
  },
  'pattern.changed': {
    level: 'info',
    meaning: 'A pattern came into use or went out of use.',
    action: 'none',
  },
  'pattern.upkeep_failed': {
    level: 'debug',
    meaning: 'Old outcomes of patterns were not updated; it is tried again in a minute.',
    action: 'none',
  },
  'pattern_table.write_failed': {
    level: 'debug',
    meaning: 'The pattern table could not be written; the healer tries again.',
    action: 'none',
  },
  'pattern_table.written': { level: 'info', meaning: 'The pattern table was written.', action: 'none' },
  'verdict.store_failed': {
    level: 'warn',
    meaning: 'A verdict could not be stored in PostgreSQL; the healer tries again.',
    action: 'none',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
