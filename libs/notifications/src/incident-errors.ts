import type { Incident, IncidentError } from '@gridworks/contracts';
import { nameOfTarget } from './incident-words.ts';
import type { Section } from './mail-sections.ts';

const MAX_OTHERS = 5;

/** Advice for kinds of errors that do not pass by themselves. Other kinds get no advice. */
const ADVICE: Readonly<Record<string, string>> = {
  auth_failure: 'Check the credentials of the call, and whether they have expired.',
  configuration_error: 'Check its settings: a missing or wrong setting stays so until it is changed.',
  crash_loop: 'Read the log of the first exit; a restart does not help.',
  disk_full: 'Free space, or add some; nothing can be written until then.',
  image_or_deploy_failure: 'Check what was deployed last, and go back to the version before.',
  out_of_memory: 'Give the process more memory, or find out what uses it.',
  programming_bug: 'The code at that place has a bug; repeating the call does not help.',
  quota_exceeded: 'Raise the quota, or wait until its next period.',
  schema_mismatch: 'Check whether the migrations ran, and whether both sides have the same version.',
  tls_error: 'Check certificates, their dates and the clock.',
};

/** Whether the incident is about errors that a process caught in calls of its own. */
export const isOfErrors = ({ cause, errors }: Incident): boolean =>
  cause.signal === 'errors.captured' && errors.length > 0;

/**
 * The main error of the incident: errors that were not healed come first, and among them those that do not
 * pass by themselves.
 */
function mainError({ errors, rule }: Incident): IncidentError {
  const rank = ({ count, healed, transient, strategy, rule: own }: IncidentError): number =>
    (healed < count ? 4 : 0) + (!transient || strategy === 'ESCALATE' ? 2 : 0) + (own === rule ? 1 : 0);
  return errors.reduce((worst, error) => (rank(error) > rank(worst) ? error : worst));
}

const place = ({ source, dependency }: IncidentError): string =>
  dependency ? `${source}, a call to ${dependency}` : source;
const quote = ({ error: { name, code, message } }: IncidentError): string =>
  `${name}${code ? ` (${code})` : ''}: ${message || 'without a message'}`;
const times = (count: number): string => (count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`);
const kindInWords = ({ kind }: IncidentError): string =>
  kind === 'unknown' ? 'an unknown error' : kind.replaceAll('_', ' ');

/**
 * The sections of the mail for a person who has to act: first what to do, then what was caught, decided and
 * tried.
 */
export function sectionsOfErrors(incident: Incident): Section[] {
  const main = mainError(incident);
  const others = incident.errors.filter((error) => error !== main);
  return [
    { title: 'What you must do', lines: whatToDo(incident, main) },
    {
      title: 'What was caught',
      pairs: [
        ['caught', quote(main)],
        ['where', `${place(main)}; in ${nameOfTarget(incident.cause.target)}`],
        [
          'kind',
          `${kindInWords(main)}, ${main.transient ? 'passes by itself as a rule' : 'does not pass by itself'}`,
        ],
        [
          'how often',
          `${times(main.count)}, ${main.healed === 0 ? 'never healed' : `healed ${times(main.healed)}`}`,
        ],
        ['since', `${main.first_at} (UTC), last at ${main.last_at}`],
        ['decided', decision(main)],
        ['tried', main.steps.length === 0 ? 'nothing' : main.steps.map(step).join('\n')],
        ...(others.length > 0 ? [['also caught', alsoCaught(others)] as const] : []),
      ],
    },
  ];
}

function whatToDo(incident: Incident, main: IncidentError): string[] {
  const target = nameOfTarget(incident.cause.target);
  const passes = main.transient && main.strategy !== 'ESCALATE';
  return [
    passes
      ? `Check ${main.dependency ?? main.source}: calls of ${target} to it should work again by now, and do not.`
      : `Find out why ${target} fails at ${main.source}: only a human can fix it.`,
    ...(ADVICE[main.kind] ? [ADVICE[main.kind] as string] : []),
    'Nothing was restarted: a restart does not fix such an error.',
    incident.resolved_at === null
      ? 'When the error does not occur again, the incident closes by itself; no second mail will come.'
      : 'The error has not occurred again since; that does not mean that it is fixed.',
    'The same error of this service is mailed once a day at most.',
  ];
}

function decision({ decided_by, rule, strategy, confidence, why }: IncidentError): string {
  if (decided_by === 'none') return `nothing: ${why}`;
  const who = {
    pattern: 'a learned pattern',
    model: 'a verdict of the model on trial',
    rule: `rule "${rule}"`,
  };
  return `${strategy} by ${who[decided_by]}, confidence ${confidence.toFixed(2)}\nbecause: ${why}`;
}

const step = ({ strategy, outcome, why, duration_ms }: IncidentError['steps'][number]): string =>
  `${strategy}: ${outcome}, ${why} (${duration_ms.toFixed(1)} ms)`;

function alsoCaught(others: readonly IncidentError[]): string {
  const lines = others
    .slice(0, MAX_OTHERS)
    .map((error) => `${times(error.count)} (${error.healed} healed): ${quote(error)} at ${error.source}`);
  return [...lines, ...(others.length > MAX_OTHERS ? [`and ${others.length - MAX_OTHERS} more`] : [])].join(
    '\n',
  );
}
