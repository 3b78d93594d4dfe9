import type { ReactNode } from 'react';
import { CodeBlock } from '../ui/code-block.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { Section } from '../ui/panel.tsx';
import { type Status, StatusMark } from '../ui/status-mark.tsx';
import { formatDuration } from '../ui/times.ts';
import { ProblemNote } from './problem-note.tsx';
import { formatBytes, prettyBody, problemOf, rateLimitWords } from './read-call-response.ts';
import type { CallResponse } from './send-call.ts';

/** Headers that are worth a line of their own, in this order. */
const MAIN_HEADERS = [
  'x-request-id',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'portal-version',
  'link',
];

const statusOf = (status: number): Status => (status < 300 ? 'pass' : status < 500 ? 'warn' : 'fail');

/** What came back: status, time, headers, body. A refusal is a response like another. */
export function ResponseView({
  outcome,
}: {
  readonly outcome: { readonly response: CallResponse } | { readonly failure: unknown };
}): ReactNode {
  if ('failure' in outcome)
    return (
      <Section title="Response">
        <p role="status" className="text-sm">
          <StatusMark plain status="unknown" word="No response came" />
          <span className="text-muted"> Check the connection, then send it again.</span>
        </p>
      </Section>
    );
  const { status, statusText, tookMs, headers, body, json, bytes, type } = outcome.response;
  const problem = problemOf(type, json);
  const limit = rateLimitWords(headers);
  const main = MAIN_HEADERS.flatMap((name) => headers.filter(([other]) => other === name));
  const { text, isCut } = prettyBody(body, json);
  return (
    <Section title="Response">
      <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        <StatusMark status={statusOf(status)} word={`${status} ${statusText}`.trim()} />
        <span>{formatDuration(tookMs)}</span>
        <span>{formatBytes(bytes)}</span>
        {limit && <span>{limit}</span>}
      </p>
      {problem && <ProblemNote problem={problem} />}
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {main.map(([name, value]) => (
          <HeaderRow key={name} name={name} value={value} />
        ))}
      </dl>
      <details className="mt-2">
        <summary className="text-sm text-muted">All {headers.length} headers</summary>
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
          {headers.map(([name, value]) => (
            <HeaderRow key={name} name={name} value={value} />
          ))}
        </dl>
      </details>
      {text !== '' && (
        <CodeBlock label="Body of the response" className="mt-3 max-h-128">
          {text}
        </CodeBlock>
      )}
      {isCut && <p className="mt-1 text-sm text-faint">The rest is not shown.</p>}
    </Section>
  );
}

function HeaderRow({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">
        {name === 'x-request-id' ? (
          <CopyableText text={value} what="Request id" />
        ) : (
          <code className="text-xs">{value}</code>
        )}
      </dd>
    </>
  );
}
