import type { Incident, IncidentError } from '@gridworks/contracts';
import { nameOfTarget } from './incident-words.ts';
import type { Section } from './mail-sections.ts';

const MAX_OTHERS = 5;

/** What helps against what does not pass by itself. A kind that is not here is looked at by its error alone. */
const ADVICE: Readonly<Record<string, string>> = {
  auth_failure: 'Check the credentials that it uses there, and whether they have expired.',
  configuration_error: 'Check its settings: something is missing or wrong, and stays so until it is changed.',
  crash_loop: 'Look into the log of the first exit; starting it again does not help.',
  disk_full: 'Free space, or add some; nothing can be written until then.',
  image_or_deploy_failure: 'Check what was deployed last, and go back to the version before.',
  out_of_memory: 'Give it more memory, or find out what takes it.',
  programming_bug: 'It is a fault of the code at that place; repeating the call does not help.',
  quota_exceeded: 'Raise the quota there, or wait until it begins anew.',
  schema_mismatch: 'Check whether its migrations ran, and whether both sides are of the same version.',
  tls_error: 'Check certificates, their dates and the clock.',
};

/** Whether the incident is about errors that a process caught in calls of its own. */
export const isOfErrors = ({ cause, errors }: Incident): boolean =>
  cause.signal === 'errors.captured' && errors.length > 0;

/** The error that the incident is named for: not healed and lasting before not healed before the first. */
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
  kind === 'unknown' ? 'an error that nothing knows' : kind.replaceAll('_', ' ');

/** For somebody who has to act: what to do first, then what was caught, decided and tried. */
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
      ? `Look after ${main.dependency ?? main.source}: calls of ${target} to it should work again by now, and do not.`
      : `Find out why ${target} fails at ${main.source}: nobody but you can mend it.`,
    ...(ADVICE[main.kind] ? [ADVICE[main.kind] as string] : []),
    'Nothing was restarted: that cures no such error.',
    incident.resolved_at === null
      ? 'When nothing more of it comes, the incident closes by itself; no second mail will come.'
      : 'Nothing more of it has come since; it is not mended by that.',
    'The same error of this service is mailed once a day at most.',
  ];
}

function decision({ decided_by, rule, strategy, confidence, why }: IncidentError): string {
  if (decided_by === 'none') return `nothing: ${why}`;
  const who = {
    pattern: 'what was learned',
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
