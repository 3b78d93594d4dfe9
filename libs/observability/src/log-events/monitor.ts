import type { LogEventRow } from './log-event-row.ts';

/** Log lines of monitor. */
export const MONITOR_EVENTS = {
  'anomaly.began': {
    level: 'info',
    meaning:
      'A metric changes more, and for longer, than it usually does; the symptom anomaly.persists follows when nothing explains it.',
    action: 'none',
  },
  'anomaly.ended': {
    level: 'info',
    meaning: 'A metric changes as it usually does again, or its change is the new usual.',
    action: 'none',
  },
  'monitor_task.failed': {
    level: 'debug',
    meaning: 'A repeated task of monitor failed; it runs again.',
    action: 'none',
  },
  'health_history.delete_failed': {
    level: 'debug',
    meaning: 'Old results of checks were not deleted; they are deleted later.',
    action: 'none',
  },
  'health_history.rows_lost': {
    level: 'debug',
    meaning: 'Results of checks could not be stored and are lost from the history.',
    action: 'none',
  },
  'monitor.memory_read': {
    level: 'info',
    meaning: 'Monitor has read what it knew before its start, and begins its checks.',
    action: 'none',
  },
  'monitor.memory_unreadable': {
    level: 'error',
    meaning: 'What monitor knew before its start cannot be read; it begins its checks without it.',
    action: 'Symptoms from before the start may stay open: look at open incidents in the console.',
  },
  'check.changed': {
    level: 'info',
    meaning: 'An admin changed a check of monitor.',
    action: 'none',
  },
  'check_change.write_failed': {
    level: 'warn',
    meaning: 'The change of a check is in use and could not be written to the audit trail yet.',
    action: 'none',
  },
  'monitor.offline': {
    level: 'error',
    meaning:
      'All external services fail their checks while the own servers work: monitor seems to be offline.',
    action:
      'Look at the network of the machine: name resolution, proxy, firewall. Mails may not leave it either.',
  },
  'monitor.online': {
    level: 'info',
    meaning: 'An external service responds to monitor again.',
    action: 'none',
  },
  'registry.write_failed': {
    level: 'warn',
    meaning: 'The registry of instances could not be written; monitor tries again.',
    action: 'none',
  },
  'symptom.cleared': { level: 'info', meaning: 'A symptom is cleared.', action: 'none' },
  'symptom.firing': {
    level: 'warn',
    meaning: 'A symptom is firing: monitor saw a signal on a target.',
    action: 'none',
  },
  'symptom.publish_failed': {
    level: 'warn',
    meaning: 'A symptom could not be published; monitor tries again and sends it to the healer as a request.',
    action: 'none',
  },
  'symptom.report_failed': {
    level: 'warn',
    meaning: 'The request that reports a symptom to the healer failed; monitor tries again.',
    action: 'none',
  },
  'symptom.republish_failed': {
    level: 'warn',
    meaning: 'The open symptoms could not be published to a new healer; its next pulse starts another try.',
    action: 'none',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
