import { type Html, html } from '../html/html.ts';

/**
 * One run of `npm run chaos -- service-freeze`, with the figures of the README: milliseconds from the fault.
 */
const EVENTS = [
  { at: 0, state: 'fail', text: 'The billing process is frozen and does not respond' },
  { at: 1971, state: 'warn', text: 'Observed by monitor' },
  { at: 1980, state: 'warn', text: 'Decided by the playbook' },
  { at: 2054, state: 'warn', text: 'Process restarted' },
  { at: 2711, state: 'pass', text: 'First good response on every route' },
  { at: 3294, state: 'pass', text: 'Verified; one mail is sent' },
] as const;

/** Whether a route had a gap, from the fault to the first good response. */
const ROUTES = [
  { route: 'GET /v1/me', gap: false },
  { route: 'GET /v1/plans', gap: true },
  { route: 'GET /v1/usage', gap: true },
  { route: 'POST /v1/tickets', gap: false },
] as const;

const FROM_MS = -1000;
const TO_MS = 6000;
const WIDTH = 700;
const place = (ms: number): number => Math.round(((ms - FROM_MS) / (TO_MS - FROM_MS)) * WIDTH);
const GAP = { from: place(0), to: place(2711) };

const bar = (gap: boolean): Html =>
  html`<svg viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" role="img" aria-label="${gap ? '503 with Retry-After for 2.7 seconds, then good again' : 'No request failed'}"><rect class="good" width="${gap ? GAP.from : WIDTH}" height="12"/>${gap && html`<rect class="gap" x="${GAP.from}" y="4" width="${GAP.to - GAP.from}" height="4"/><rect class="good" x="${GAP.to}" width="${WIDTH - GAP.to}" height="12"/>`}</svg>`;

/** A measured fault and its healing: the responses of each route, and the events with their times. */
export const measuredRun = (): Html => html`<figure class="run">
<figcaption><strong>One fault, healed</strong><span>Measured: billing frozen under 50 requests a second</span></figcaption>
<ul class="run-routes">${ROUTES.map(({ route, gap }) => html`<li><code>${route}</code>${bar(gap)}</li>`)}</ul>
<ol class="timeline">${EVENTS.map(
  ({ at, state, text }) =>
    html`<li data-state="${state}"><span class="shape" aria-hidden="true"></span><span class="at">${(at / 1000).toFixed(2)} s</span><span>${text}</span></li>`,
)}</ol>
<p class="run-promise">525 calls made, 525 counted. No acknowledged write lost. <a href="/docs/scorecard">Every experiment</a></p>
</figure>`;
