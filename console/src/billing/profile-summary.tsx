import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { PROFILE_KEY } from './profile-schema.ts';

/** The address of the invoices, or what it lacks. */
export function ProfileSummary(): ReactNode {
  const profile = useQuery({ queryKey: PROFILE_KEY, queryFn: () => api.billingProfiles.get() });
  return (
    <Panel
      query={profile}
      title="Invoices go to"
      lines={5}
      actions={
        profile.data?.missing.length === 0 && (
          <Link to="/billing/profile" className="link text-sm">
            Change
          </Link>
        )
      }
    >
      {({ missing, legal_name, address_lines, postal_code, city, country, tax_id, email }) =>
        missing.length > 0 ? (
          <div className="flex flex-col items-start gap-3">
            <p className="text-muted">
              Say who you are before you choose a paid plan: it stands on your invoices and decides their tax.
            </p>
            <Link to="/billing/profile" className={buttonClass('primary')}>
              Complete the profile
            </Link>
          </div>
        ) : (
          <address className="break-words not-italic">
            <span className="block font-medium">{legal_name}</span>
            {[
              ...address_lines,
              [postal_code, city].filter(Boolean).join(' '),
              country && new Intl.DisplayNames('en', { type: 'region' }).of(country),
              tax_id,
              email,
            ]
              .filter(Boolean)
              .map((line) => (
                <span key={line} className="block text-muted">
                  {line}
                </span>
              ))}
          </address>
        )
      }
    </Panel>
  );
}
