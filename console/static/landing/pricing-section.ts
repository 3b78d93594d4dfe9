import { type Html, html } from '../html/html.ts';
import { CALL_STEPS, DEFAULT_CALLS, stepOf } from './pricing.ts';

/**
 * Placeholder cards until the plans have loaded; as many as there are plans today, so that the layout does
 * not move.
 */
const PLACES = [0, 1, 2];

/** Prices are loaded from the API when the page is open: built-in prices could become wrong. */
export const pricingSection =
  (): Html => html`<section class="pricing" id="pricing" aria-labelledby="pricing-title"><div class="bar">
<h2 id="pricing-title">Pay for calls. Healing is included.</h2>
<div class="slider">
<label for="calls">Calls a month</label>
<output for="calls" data-calls>500,000</output>
<input id="calls" type="range" min="0" max="${CALL_STEPS.length - 1}" step="1" value="${stepOf(DEFAULT_CALLS)}" aria-valuetext="500,000 calls a month">
</div>
<p class="pricing-note" role="status" data-plans-note>Loading the plans</p>
<ul class="plans" data-plans>${PLACES.map(() => html`<li class="plan loading" aria-hidden="true"></li>`)}</ul>
<details class="plan-table" data-plan-table hidden><summary>Compare the plans</summary><div class="table" tabindex="0" role="region" aria-label="Plans"><table><thead></thead><tbody></tbody></table></div></details>
<noscript><p>Prices are at <a href="/v1/plans">/v1/plans</a>; this page needs its script to show them.</p></noscript>
</div></section>`;

const field = (name: string, label: string, value: string, step: string, more: Html = html``): Html =>
  html`<label>${label}<input name="${name}" type="number" inputmode="decimal" min="0" step="${step}" value="${value}"${more}></label>`;

/** What an outage costs without and with healing. */
export const calculatorSection =
  (): Html => html`<section class="roi" aria-labelledby="roi-title"><div class="bar">
<div class="roi-words">
<h2 id="roi-title">What does a failed call cost you?</h2>
<p>Put in your own figures: they stay in this page.</p>
<p class="formula"><strong>Saved a year</strong> = calls a month / 43,200 minutes × minutes of outage × cost of a failed call × share healed × 12</p>
</div>
<form class="roi-form" data-roi>
${field('calls', 'Calls a month', '500000', '1')}
${field('cost', 'Cost of a failed call, EUR', '0.50', '0.01')}
${field('minutes', 'Minutes of outage a month', '30', '1')}
${field('share', 'Of them healed in seconds, %', '90', '1', html` max="100"`)}
<p class="roi-result"><output name="saved" data-roi-saved>€1,875</output><span data-roi-detail>saved a year: 347 failed calls a month without healing, 35 with it</span></p>
</form>
</div></section>`;
