import type { ReactNode } from 'react';
import type { Api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

export type SsoTest = Awaited<ReturnType<Api['ssoConnections']['completeTest']>>;

const PROBLEMS: Readonly<Record<SsoTest['problems'][number], string>> = {
  no_address: 'The provider names no email address: let it send the claim “email”.',
  address_unverified: 'The provider says that the address is not verified.',
  domain_unverified: 'The address is in none of your verified domains.',
};

/** What a test log-in received, and whether such a person could log in. */
export function SsoTestResult({ test }: { readonly test: SsoTest }): ReactNode {
  const { received, problems, connection } = test;
  const isPassed = problems.length === 0;
  const verified = { true: 'yes', false: 'no', null: 'not said' }[String(received.email_verified)] ?? '';
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Test of {connection.name}</h1>
        <p className="mt-1">
          <StatusMark status={isPassed ? 'pass' : 'fail'} word={isPassed ? 'Passed' : 'Not passed'} />
        </p>
      </div>
      {!isPassed && (
        <ul className="list-disc ps-5">
          {problems.map((problem) => (
            <li key={problem}>{PROBLEMS[problem]}</li>
          ))}
        </ul>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 rounded-2 bg-sunken px-3 py-2 text-sm">
        <dt className="text-muted">Subject</dt>
        <dd className="min-w-0 break-all">{received.subject}</dd>
        <dt className="text-muted">Email</dt>
        <dd className="min-w-0 break-all">{received.email ?? 'none'}</dd>
        <dt className="text-muted">Verified there</dt>
        <dd>{verified}</dd>
        <dt className="text-muted">Name</dt>
        <dd className="min-w-0 break-all">{received.name ?? 'none'}</dd>
      </dl>
      <p>
        <Link to="/settings/sso" className="link">
          Back to single sign-on
        </Link>
      </p>
    </div>
  );
}
