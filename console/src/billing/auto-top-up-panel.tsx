import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { AUTO_TOP_UP_KEY, AutoTopUpDialog } from './auto-top-up.dialog.tsx';

/** Whether credit is ordered by itself, and within which bound. */
export function AutoTopUpPanel(): ReactNode {
  const setting = useQuery({ queryKey: AUTO_TOP_UP_KEY, queryFn: () => api.autoTopUps.get() });
  const mayWrite = useMay('billing:write');
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel query={setting} title="Automatic top-up" lines={3}>
      {(data) => {
        const { is_on, amount, threshold, monthly_limit, ordered_this_month, currency } = data;
        const money = (minor: number) => formatMoney(minor, currency);
        return (
          <div className="flex flex-col items-start gap-3">
            <StatusMark status={is_on ? 'pass' : 'unknown'} word={is_on ? 'On' : 'Off'} />
            <p className="text-muted">
              {is_on
                ? `${money(amount)} are ordered when less than ${money(threshold)} are left, at most ${money(monthly_limit)} a month.`
                : 'Credit can be ordered by itself when the balance is low, and charged to your payment method.'}
              {ordered_this_month > 0 && ` Ordered this month: ${money(ordered_this_month)}.`}
            </p>
            {mayWrite && <Button onClick={() => setOpen(true)}>{is_on ? 'Change' : 'Set up'}</Button>}
            {isOpen && <AutoTopUpDialog setting={data} onClose={() => setOpen(false)} />}
          </div>
        );
      }}
    </Panel>
  );
}
