import type { Plan } from '@gridworks/sdk';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { formatCount, formatMoney } from '../ui/numbers.ts';
import { Section } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { formatUnitPrice } from './formats.tsx';
import { INTERVALS } from './subscription-words.ts';

type Terms = Pick<
  Plan,
  'name' | 'description' | 'interval' | 'prices' | 'limits' | 'trial_days' | 'features'
>;
type Price = Plan['prices'][string]['charges'][number]['price'];

/** What a plan costs in one currency, and what it permits. */
export function PlanCard({
  plan,
  currency,
  note,
  onChoose,
}: {
  readonly plan: Terms;
  readonly currency: string;
  /** Beside the name: `Your plan`. */
  readonly note?: string | undefined;
  readonly onChoose?: (() => void) | undefined;
}): ReactNode {
  const [code, prices] = Object.entries(plan.prices).find(([one]) => one === currency) ??
    Object.entries(plan.prices)[0] ?? [currency, undefined];
  return (
    <Section
      title={plan.name}
      className="flex h-full flex-col [&>:last-child]:flex [&>:last-child]:grow [&>:last-child]:flex-col"
      actions={note && <Tag tone="accent">{note}</Tag>}
    >
      <p className="text-muted">{plan.description}</p>
      <p className="mt-3 flex flex-wrap items-baseline gap-x-1.5">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {formatMoney(prices?.recurring_amount ?? 0, code)}
        </span>
        <span className="text-muted">{INTERVALS[plan.interval]}, without tax</span>
      </p>
      <ul className="mt-3 flex flex-col gap-1.5">
        {prices?.charges.map(({ metric, included, price }) => (
          <Feature key={metric}>
            {formatCount(included)} {metric} a month included
            <span className="block text-sm text-muted">{priceWords(price, code)}</span>
          </Feature>
        ))}
        {prices !== undefined && prices.minimum_amount > 0 && (
          <Feature>At least {formatMoney(prices.minimum_amount, code)} a month for what is counted</Feature>
        )}
        <Feature>{formatCount(plan.limits.burst_per_minute)} calls a minute at most</Feature>
        <Feature>{formatCount(plan.limits.daily)} calls a day at most</Feature>
        {plan.trial_days > 0 && <Feature>The first {plan.trial_days} days cost nothing</Feature>}
        {plan.features.map((feature) => (
          <Feature key={feature}>{feature}</Feature>
        ))}
      </ul>
      {onChoose && (
        <p className="mt-auto pt-4">
          <Button variant="primary" onClick={onChoose}>
            Choose {plan.name}
          </Button>
        </p>
      )}
    </Section>
  );
}

/** What units above the included ones cost, in one line. */
function priceWords(price: Price, currency: string): string {
  switch (price.model) {
    case 'per_unit':
      return Number(price.unit_amount) > 0
        ? `${formatUnitPrice(price.unit_amount, currency)} for each further one`
        : 'no charge for further ones';
    case 'flat':
      return price.amount > 0
        ? `${formatMoney(price.amount, currency)} for all further ones together`
        : 'no charge for further ones';
    case 'package':
      return `${formatMoney(price.amount, currency)} for each further ${formatCount(price.size)}, begun ones too`;
    default: {
      const tiers = price.tiers.map(
        ({ up_to, unit_amount, flat_amount }) =>
          `${formatUnitPrice(unit_amount, currency)}${flat_amount > 0 ? ` and ${formatMoney(flat_amount, currency)} once` : ''} ${up_to === null ? 'above' : `up to ${formatCount(up_to)}`}`,
      );
      const words = tiers.join(', ');
      return price.model === 'graduated'
        ? `each further one ${words}`
        : `all further ones ${words}, by their number`;
    }
  }
}

function Feature({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <li className="flex items-start gap-2">
      <Check aria-hidden size={15} className="mt-0.5 shrink-0 text-pass" />
      <span>{children}</span>
    </li>
  );
}
