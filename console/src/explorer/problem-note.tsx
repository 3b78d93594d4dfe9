import type { ReactNode } from 'react';
import type { Problem } from './read-call-response.ts';

/** What a problem document says, with the page about its code. */
export function ProblemNote({ problem }: { readonly problem: Problem }): ReactNode {
  const { title, detail, code, errors = [], retry_after: retryAfter } = problem;
  return (
    <div className="mt-3 flex flex-col gap-1 border-s-2 border-line-strong ps-3 text-sm">
      <p className="font-medium">{title}</p>
      {detail && detail !== title && <p className="text-muted">{detail}</p>}
      {errors.length > 0 && (
        <ul className="list-disc ps-5 text-muted">
          {errors.map((error) => (
            <li key={error.pointer + error.detail}>
              <code className="text-xs">{error.pointer || '/'}</code> {error.detail}
            </li>
          ))}
        </ul>
      )}
      {retryAfter !== undefined && <p className="text-muted">Another try may help in {retryAfter} s.</p>}
      <p>
        <a href={`/problems/${encodeURIComponent(code)}`} target="_blank" rel="noreferrer" className="link">
          What {code} means
        </a>
      </p>
    </div>
  );
}
