import { codeBlock } from '../docs/render-markdown.ts';
import { type Html, html, rawHtml } from '../html/html.ts';
import type { Page, Picture, Site } from '../html/page.ts';
import { stateMark } from '../html/state-mark.ts';
import { FIRST_CALL } from './first-call.ts';
import { measuredRun } from './measured-run.ts';
import { calculatorSection, pricingSection } from './pricing-section.ts';

/** The first page. Its live parts are empty until its script has loaded them from the API, and say so. */
export function landingPage(site: Site): Page {
  return {
    path: '/',
    title: 'GridWorks Partner Portal: the partner API that repairs itself',
    description:
      'Keys, metering, plans and support for API partners on a back end that finds its faults, repairs them and proves it, in seconds.',
    section: 'home',
    island: 'landing',
    body: html`${hero()}${picture(site)}${howItHeals()}${steps()}${demo()}${pricingSection()}${calculatorSection()}${closing()}`,
  };
}

const hero = (): Html => html`<section class="hero"><div class="bar">
<div class="hero-words">
<h1>The partner API that repairs itself</h1>
<p class="lead">Keys, metering, plans and support for your API partners, on a back end that finds its own faults, repairs them and proves it, in seconds.</p>
<p class="actions"><a class="button" href="/signup">Start free</a><a class="button quiet" href="#demo">Break it live</a></p>
<div class="live-figure" data-live>
<p class="live-number" data-live-number><span class="no-data">No data</span></p>
<p class="live-words"><span data-live-words>faults healed without a human in the last 30 days</span><span class="muted" data-live-age>Loading the live figure</span></p>
</div>
</div>
${measuredRun()}
</div></section>`;

/** The browser loads a lazy picture only when it is shown, so the one of the other theme costs nothing. */
const img = ({ src, width, height }: Picture, theme: string): Html =>
  html`<img class="${theme}" src="${src}" width="${width}" height="${height}" alt="The healing page: overall state in one sentence, every service with its state, incidents with the actions taken" loading="lazy">`;

/** A picture of the healing page. Left out when the build has no pictures. */
function picture({ pictures }: Site): Html {
  const light = pictures['healing-light'];
  const dark = pictures['healing-dark'];
  if (!light) return html``;
  return html`<section class="picture"><div class="bar"><figure>
${img(light, dark ? 'in-light' : '')}${dark && img(dark, 'in-dark')}
<figcaption>The healing page of the console, live while a fault heals.</figcaption>
</figure></div></section>`;
}

const howItHeals = (): Html => html`<section class="how" aria-labelledby="how-title"><div class="bar">
<h2 id="how-title">Healed, and proven</h2>
<ul class="columns">
<li><h3>Sees</h3><p>Each process sends a pulse every second. Monitor probes processes, servers and the API from outside, and doubts itself first.</p></li>
<li><h3>Acts</h3><p>One incident for one cause. A playbook picks the smallest remedy; budgets, cooldowns and pauses hold it back where it could do harm.</p></li>
<li><h3>Proves</h3><p>An incident is closed only when an independent probe finds the component healthy. Then one mail says what happened.</p></li>
<li><h3>Loses nothing</h3><p>A write is acknowledged after its commit, and each call is metered exactly once. Faults injected on purpose check that: <a href="/docs/scorecard">the scorecard</a>.</p></li>
</ul>
</div></section>`;

const steps = (): Html => html`<section class="steps" aria-labelledby="steps-title"><div class="bar">
<h2 id="steps-title">Three steps to the first call</h2>
<ol class="step-list">${FIRST_CALL.map(
  ({ title, text, code }) =>
    html`<li><div><h3>${title}</h3><p>${text}</p></div>${rawHtml(codeBlock(code, 'sh'))}</li>`,
)}</ol>
<p class="after-steps"><a class="text-link" href="/docs/guides/getting-started">The same with the JavaScript SDK</a></p>
</div></section>`;

const demo = (): Html => html`<section class="demo" id="demo" aria-labelledby="demo-title"><div class="bar">
<div class="demo-words">
<h2 id="demo-title">Break it, and watch</h2>
<p>You get a sandbox of your own for a while. Break its billing and see the fault observed, decided, repaired and verified. Nobody else notices.</p>
<p class="actions"><button class="button danger" type="button" data-demo-break>Break billing</button></p>
<p class="demo-note muted" data-demo-note>Nothing starts before you press the button.</p>
</div>
<div class="demo-stage">
<p class="demo-status" role="status" data-demo-status>${stateMark('unknown', 'Not started')}</p>
<ol class="timeline" data-demo-timeline aria-label="Timeline of the fault"><li class="empty">The timeline of your fault appears here.</li></ol>
</div>
</div></section>`;

const closing = (): Html => html`<section class="closing"><div class="bar">
<h2>Your first call is ten minutes away</h2>
<p class="actions"><a class="button" href="/signup">Sign up</a><a class="button quiet" href="/docs">Read the documentation</a></p>
</div></section>`;
