import {
  type ComponentStatus,
  duration,
  overallSentence,
  type PublicIncident,
  type PublicStatus,
  readStatus,
} from '../status/public-status.ts';
import { byData, clock, el, stateMark } from './dom.ts';
import { fetchStatus, fresh, showInFooter } from './footer-status.ts';

const EVERY_MS = 30_000;
const SVG = 'http://www.w3.org/2000/svg';
const WORD = {
  pass: 'Works',
  warn: 'Works with trouble',
  fail: 'Does not work',
  unknown: 'No data',
} as const;

let last: PublicStatus | null = null;

async function refresh(): Promise<void> {
  if (document.hidden) return;
  const status = await fetchStatus(readStatus);
  if (status) {
    last = status;
    fill('components', status.components.map(componentRow), 'No component is reported.');
    // Both values have the same source: without it the incidents are unknown, which differs from none.
    const none = status.healedAlone === null ? 'Not known at the moment.' : 'None.';
    fill('open', status.open.map(incidentRow), none);
    fill('past', status.past.map(incidentRow), none);
  }
  showAge(status !== null);
}

/** The overall word and its age. Old data is shown with its age until it is too old. */
function showAge(reached: boolean): void {
  const status = last ? fresh(last) : null;
  const state = status?.state ?? 'unknown';
  const overall = byData('overall');
  const age = byData('age');
  if (overall) {
    overall.dataset.state = state;
    overall
      .querySelector('.state')
      ?.replaceWith(stateMark(state, status ? overallSentence(state) : 'No data'));
  }
  const seen = status?.observedAt ? `As of ${clock(status.observedAt)}` : '';
  if (age)
    age.textContent = reached
      ? `${seen || 'Fetched now'}. Refreshes by itself every 30 s.`
      : `${seen ? `${seen}. ` : ''}The status could not be fetched at ${clock(Date.now())}; the next try is in 30 s.`;
  showInFooter(status);
}

function fill(name: string, rows: HTMLElement[], none: string): void {
  byData(name)?.replaceChildren(...(rows.length > 0 ? rows : [el('li', { class: 'empty' }, none)]));
}

/** Name, state, and a bar of days that can be read by pointer and arrow keys. */
function componentRow({ name, state, days }: ComponentStatus): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  const words = el('p', { class: 'day-words', 'aria-live': 'polite' });
  const width = Math.max(1, days.length) * 10;
  const troubled = days.filter((day) => day.state === 'warn' || day.state === 'fail').length;
  const unknown = days.filter((day) => day.state === 'unknown').length;
  for (const [key, value] of Object.entries({
    class: 'days',
    viewBox: `0 0 ${width} 36`,
    preserveAspectRatio: 'none',
    tabindex: '0',
    role: 'img',
    'aria-label': `${name}: ${days.length} days, ${troubled} of them with trouble, ${unknown} without data. Arrow keys go through them.`,
  }))
    svg.setAttribute(key, value);
  const bars = days.map((day, index) => {
    const bar = document.createElementNS(SVG, 'rect');
    // Height as well as colour shows a day with trouble.
    const height = { pass: 36, warn: 24, fail: 14, unknown: 4 }[day.state];
    for (const [key, value] of Object.entries({
      class: `day-${day.state}`,
      x: index * 10 + 1,
      y: 36 - height,
      width: 8,
      height,
    }))
      bar.setAttribute(key, String(value));
    svg.append(bar);
    return bar;
  });
  let current = days.length;
  const show = (index: number) => {
    bars[current]?.classList.remove('day-on');
    current = Math.min(Math.max(index, 0), days.length - 1);
    bars[current]?.classList.add('day-on');
    const day = days[current];
    if (day)
      words.textContent = [day.date, WORD[day.state].toLowerCase(), day.words].filter(Boolean).join(', ');
  };
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    show(Math.floor(((event.clientX - box.left) / box.width) * days.length));
  });
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(current + step);
  });
  return el(
    'li',
    {},
    el('div', { class: 'component-head' }, el('span', {}, name), stateMark(state, WORD[state])),
    ...(days.length > 0 ? [svg as unknown as HTMLElement, words] : []),
  );
}

function incidentRow({ title, meaning, state, beganAt, resolvedAt }: PublicIncident): HTMLElement {
  const began = new Date(beganAt);
  const when = Number.isNaN(began.getTime())
    ? ''
    : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }).format(began);
  const end = resolvedAt ? `over after ${duration(beganAt, resolvedAt)}` : 'not over yet';
  const word = state === 'warn' ? 'Healing' : 'A person works on it';
  return el(
    'li',
    {},
    stateMark(state, resolvedAt ? 'Resolved' : word),
    el('h3', {}, title),
    ...(meaning ? [el('p', {}, meaning)] : []),
    el('p', { class: 'muted' }, `${when}, ${end}`),
  );
}

void refresh();
setInterval(() => void refresh(), EVERY_MS);
document.addEventListener('visibilitychange', () => void refresh());
addEventListener('online', () => void refresh());
