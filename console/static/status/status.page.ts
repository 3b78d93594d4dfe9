import { PUBLIC_SERVICES } from '@gridworks/contracts';
import { html } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import { stateMark } from '../html/state-mark.ts';

/** As many rows as the data will have, so that nothing moves when it comes. */
const OTHER_ROWS = PUBLIC_SERVICES.slice(1).map(() => html`<li aria-hidden="true"></li>`);

/**
 * The public status. All data is fetched: before that, and when the fetch fails, the page shows that the
 * state is unknown.
 */
export function statusPage(): Page {
  return {
    path: '/status',
    title: 'Status',
    description: 'Whether the GridWorks API works now, and how the last 90 days were.',
    section: 'status',
    island: 'status',
    body: html`<div class="bar status-page">
<h1 class="sr">Status of the GridWorks API</h1>
<div class="overall" data-overall data-state="unknown" role="status">${stateMark('unknown', 'No data yet')}<p class="muted" data-age>Fetching the state</p></div>
<section aria-labelledby="components-title">
<div class="section-head"><h2 id="components-title">Components</h2><p class="muted">Last 90 days, by day (UTC)</p></div>
<ul class="components" data-components><li class="muted">No data yet.</li>${OTHER_ROWS}</ul>
<ul class="legend" aria-label="What the shapes mean"><li>${stateMark('pass', 'worked')}</li><li>${stateMark('warn', 'worked with trouble')}</li><li>${stateMark('fail', 'did not work')}</li><li>${stateMark('unknown', 'no data')}</li></ul>
</section>
<section aria-labelledby="open-title"><h2 id="open-title">Open incidents</h2><ul class="incidents" data-open><li class="empty">No data yet.</li></ul></section>
<section aria-labelledby="past-title"><h2 id="past-title">Past incidents</h2><ul class="incidents" data-past><li class="empty">No data yet.</li></ul></section>
<noscript><p>This page needs its script. <a href="/health">/health</a> says in one line whether the API works.</p></noscript>
</div>`,
  };
}
