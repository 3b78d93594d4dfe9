import type { Incident } from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import { isOfErrors, sectionsOfErrors } from './incident-errors.ts';
import { describeAction, describeSignal, milliseconds, nameOfTarget, roughly } from './incident-words.ts';
import { escapeHtml, renderSectionsAsHtml, renderSectionsAsText, type Section } from './mail-sections.ts';

export interface IncidentMailOptions {
  /** The address of the portal for people, without a slash at the end. */
  readonly portalUrl: string;
  /** For an open incident: its duration counts until this moment. Epoch milliseconds. */
  readonly now?: number;
}

/** The maximum number of characters of the error that a mail shows beside the target. */
const MAX_ERROR = 300;

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
}

/**
 * The one mail about an incident: `[AUTO-RESOLVED]` when it is resolved and does not recur, `[ACTION NEEDED]`
 * otherwise. The mail begins with what the reader must do. The same incident and status give the same message
 * id.
 */
export function renderIncidentMail(incident: Incident, options: IncidentMailOptions): RenderedMail {
  const kind = kindOf(incident);
  const resolved = kind === 'resolved';
  const tag = resolved ? 'AUTO-RESOLVED' : 'ACTION NEEDED';
  const began = Date.parse(incident.began_at);
  const until = incident.resolved_at ? Date.parse(incident.resolved_at) : (options.now ?? Date.now());
  const lasted = until - began;
  const link = `${options.portalUrl.replace(/\/+$/, '')}/admin/healing/incidents/${incident.id}`;
  const title = redactText(incident.title);
  const heading = `${tag}: ${title}`;
  const sections: Section[] = [
    ...(isOfErrors(incident) ? sectionsOfErrors(incident) : sectionsOfTrouble(incident, lasted)),
    {
      title: 'Timeline, in ms from the beginning',
      table: incident.timeline.map((entry) => [
        `+${(Date.parse(entry.at) - began).toLocaleString('en-US')}`,
        entry.what,
        entry.text,
      ]),
    },
    {
      title: 'To look further',
      pairs: [
        ['incident', incident.id],
        ['trace', incident.trace_id ?? 'none was recorded'],
        ['link', link],
        ...(incident.experiment ? [['experiment', incident.experiment] as [string, string]] : []),
      ],
    },
  ];
  const clean = sections.map(redactSection);
  const label = incident.experiment ? ' (experiment)' : '';
  const length = {
    resolved: `healed in ${roughly(lasted)}`,
    recurring: `works again for now`,
    escalated: `for ${roughly(lasted)}`,
  }[kind];
  return {
    subject: `[${tag}] ${title}, ${length}${label}`,
    text: renderSectionsAsText(heading, clean),
    html: renderSectionsAsHtml(heading, clean, resolved ? '#1a7f37' : '#b42318').replaceAll(
      escapeHtml(link),
      `<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`,
    ),
    messageId: `<${incident.id}.${kind}@portal.gridworks.example>`,
  };
}

/**
 * The kind of the mail. `recurring`: the target works again for now, and fails again within minutes each
 * time, so that a human should find the cause.
 */
export function kindOf({ status, recurring }: Incident): 'resolved' | 'recurring' | 'escalated' {
  if (status !== 'resolved') return 'escalated';
  return recurring ? 'recurring' : 'resolved';
}

/** Redacts before anything is escaped or aligned: both would hide a secret from the rules. */
function redactSection({ title, lines, pairs, table }: Section): Section {
  return {
    title,
    ...(lines && { lines: lines.map(redactText) }),
    ...(pairs && { pairs: pairs.map(([name, value]) => [name, redactText(value)] as const) }),
    ...(table && { table: table.map((row) => row.map(redactText)) }),
  };
}

function sectionsOfTrouble(incident: Incident, lasted: number): Section[] {
  const resolved = incident.status === 'resolved';
  const began = Date.parse(incident.began_at);
  return [
    { title: 'What you must do', lines: whatToDo(incident) },
    {
      title: 'What happened',
      pairs: [
        ['broke', `${nameOfTarget(incident.cause.target)} ${describeSignal(incident.cause.signal)}`],
        ...reported(incident),
        [
          'since',
          `${incident.began_at} (UTC), noticed after ${milliseconds(Date.parse(incident.observed_at) - began)}`,
        ],
        [resolved ? 'healed' : 'so far', `${resolved ? 'after ' : ''}${milliseconds(lasted)}`],
        ['done', incident.actions.length ? incident.actions.map(describeAction).join('\n') : 'nothing'],
        ['decided by', decision(incident)],
        ['verified', verification(incident)],
        ...joined(incident),
      ],
    },
  ];
}

function whatToDo(incident: Incident): string[] {
  if (kindOf(incident) === 'recurring') {
    const times = 1 + incident.timeline.filter(({ what }) => what === 'reopened').length;
    return [
      `Find out why ${nameOfTarget(incident.cause.target)} keeps failing. It works now, and it was restarted each time, but a restart does not remove the cause.`,
      `This incident covers ${times === 1 ? 'this time' : `${times} times`} and all further ones; earlier ones had incidents of their own.`,
      'No mail comes for further failures, unless a restart does not help.',
    ];
  }
  if (incident.status === 'resolved')
    return ['Nothing. It healed, and that was verified. This mail is for your records.'];
  const target = nameOfTarget(incident.cause.target);
  const reason = incident.timeline.filter(({ what }) => what === 'escalated').at(-1)?.text;
  const suggested = incident.actions.filter(({ state }) => state === 'suggested');
  const tried = incident.actions.filter(({ state }) => state === 'done' || state === 'failed');
  return [
    `Check ${target}: it is not healthy, and the healer will do nothing more${reason ? ` (${reason})` : ''}.`,
    ...suggested.map(
      ({ remedy, target: { process } }) =>
        `Consider ${remedy} of ${process}: the healer suggests it, but a guard refused it.`,
    ),
    ...(tried.length > 0 ? ['The remedies that were tried are below; repeating them will hardly help.'] : []),
    'If it becomes healthy in the meantime, the incident closes by itself; no second mail will come.',
  ];
}

function decision({ decided_by, rule }: Incident): string {
  if (!decided_by) return 'nothing yet';
  return rule ? `${decided_by}, rule "${rule}"` : decided_by;
}

function verification(incident: Incident): string {
  const last = incident.timeline.filter(({ what }) => what === 'verified' || what === 'not-verified').at(-1);
  if (!last) return 'not yet';
  return last.what === 'verified' ? last.text : `failed: ${last.text}`;
}

/** The target's own error, as far as it was observed. */
function reported({ symptoms, cause }: Incident): [string, string][] {
  const errors = symptoms
    .filter(({ signal, target }) => signal === cause.signal && target.process === cause.target.process)
    .map(({ evidence }) => evidence.error);
  const last = errors.findLast((error) => typeof error === 'string' && error !== '') as string | undefined;
  return last === undefined ? [] : [['error', last.replaceAll(/\s+/g, ' ').slice(0, MAX_ERROR)]];
}

/** All other symptoms of the same cause, each once. */
function joined({ symptoms, cause }: Incident): [string, string][] {
  const others = symptoms
    .filter(
      ({ state, target, signal }) =>
        state === 'firing' && (target.process !== cause.target.process || signal !== cause.signal),
    )
    .map(({ target, signal }) => `${nameOfTarget(target)}: ${signal}`);
  return others.length > 0 ? [['also seen', [...new Set(others)].join('\n')]] : [];
}
