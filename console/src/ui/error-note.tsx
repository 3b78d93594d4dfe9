import type { ReactNode } from 'react';
import { troubleOf } from './problem.ts';
import { STATUS_SHAPES } from './status-mark.tsx';

/** An error in one sentence, with the request id for support. */
export function ErrorNote({
  error,
  children,
}: {
  readonly error: unknown;
  readonly children?: ReactNode;
}): ReactNode {
  const { message, code, requestId, errors } = troubleOf(error);
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-2 bg-fail-soft px-3 py-2 text-sm text-fail">
      <p className="flex gap-2 font-medium">
        <span aria-hidden className="mt-1 text-[0.7em] leading-none">
          {STATUS_SHAPES.fail}
        </span>
        {message}
      </p>
      {errors.length > 0 && (
        <ul className="list-disc ps-8">
          {errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>{detail}</li>
          ))}
        </ul>
      )}
      {(code || requestId) && (
        <p className="ps-5 font-mono text-xs break-all select-all">
          {[code, requestId && `request ${requestId}`].filter(Boolean).join(' · ')}
        </p>
      )}
      {children}
    </div>
  );
}
