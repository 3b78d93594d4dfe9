import {
  bestPlan,
  CALL_STEPS,
  callsOf,
  DAYS_A_MONTH,
  money,
  monthlyCost,
  type Plan,
  priceOfTenThousand,
  stepOf,
} from '../landing/pricing.ts';
import { byData, count, el } from './dom.ts';
import { request } from './request.ts';

/**
 * Shows the plans of the API and marks the cheapest one for the number of calls on the slider, which is kept
 * in the address.
 */
export function showPrices(): void {
  const slider = document.querySelector<HTMLInputElement>('#calls');
  const output = byData('calls');
  if (!slider || !output) return;
  let calls = callsOf(location.search);
  let plans: readonly Plan[] = [];
  const update = () => {
    output.textContent = count(calls);
    slider.setAttribute('aria-valuetext', `${count(calls)} calls a month`);
    if (plans.length > 0) showPlans(plans, calls);
  };
  slider.value = String(stepOf(calls));
  slider.addEventListener('input', () => {
    calls = CALL_STEPS[Number(slider.value)] ?? calls;
    const url = new URL(location.href);
    url.searchParams.set('calls', String(calls));
    history.replaceState(history.state, '', url);
    update();
  });
  update();
  request('/v1/plans').then(
    (json) => {
      plans = (json as { data: Plan[] }).data;
      showTable(plans);
      update();
    },
    (error: Error) => say(`The plans could not be loaded: ${error.message}. Reload the page.`),
  );
}

const say = (text: string): void => {
  const note = byData('plans-note');
  if (note) note.textContent = text;
};

function showPlans(plans: readonly Plan[], calls: number): void {
  const best = bestPlan(plans, calls);
  const cost = best && monthlyCost(best, calls);
  say(
    best && cost !== null
      ? `${best.name} fits: ${money(cost, best.currency)} for ${count(calls)} calls in a month.`
      : `No plan permits ${count(calls)} calls a month. Write to us in a ticket.`,
  );
  byData('plans')?.replaceChildren(...plans.map((plan) => card(plan, calls, plan === best)));
}

function card(plan: Plan, calls: number, fits: boolean): HTMLElement {
  const cost = monthlyCost(plan, calls);
  const price =
    cost === null
      ? [el('small', {}, `Up to ${count(plan.limits.daily * DAYS_A_MONTH)} calls a month`)]
      : [money(cost, plan.currency), el('small', {}, ' a month')];
  return el(
    'li',
    { class: fits ? 'plan fits' : 'plan' },
    el(
      'div',
      { class: 'plan-head' },
      el('h3', {}, plan.name),
      ...(fits ? [el('span', { class: 'fits-word' }, 'Fits')] : []),
    ),
    el('p', { class: 'price' }, ...price),
    el('ul', {}, ...facts(plan).map((fact) => el('li', {}, fact))),
    el(
      'a',
      { class: fits ? 'button' : 'button quiet', href: `/signup?plan=${plan.id}` },
      `Choose ${plan.name}`,
    ),
  );
}

const basePrice = (plan: Plan): string => money(plan.monthly_price, plan.currency);
const overage = (plan: Plan): string =>
  Number(plan.unit_price) === 0 ? 'none' : `${money(priceOfTenThousand(plan), plan.currency)} for 10,000`;

const facts = (plan: Plan): string[] => [
  `${basePrice(plan)} a month with ${count(plan.included_calls)} calls`,
  `Further calls: ${overage(plan)}`,
  `${count(plan.limits.burst_per_minute)} calls a minute`,
  `${count(plan.limits.daily)} calls a day`,
];

function showTable(plans: readonly Plan[]): void {
  const details = byData('plan-table');
  const head = details?.querySelector('thead');
  const body = details?.querySelector('tbody');
  if (!details || !head || !body) return;
  const rows: [string, (plan: Plan) => string][] = [
    ['Base price a month', basePrice],
    ['Included calls', (plan) => count(plan.included_calls)],
    ['Further calls', overage],
    ['Calls a minute', (plan) => count(plan.limits.burst_per_minute)],
    ['Calls a day', (plan) => count(plan.limits.daily)],
    ['Self-healing, support, all operations', () => 'included'],
  ];
  const cell = (text: string) => el('td', {}, text);
  const header = (scope: string, text: string) => el('th', { scope }, text);
  head.replaceChildren(el('tr', {}, header('col', 'Plan'), ...plans.map(({ name }) => header('col', name))));
  body.replaceChildren(
    ...rows.map(([label, value]) =>
      el('tr', {}, header('row', label), ...plans.map((plan) => cell(value(plan)))),
    ),
  );
  details.hidden = false;
}
