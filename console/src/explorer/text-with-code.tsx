import type { ReactNode } from 'react';

/** Text of the OpenAPI document, in which `code` stands between backticks. */
export function TextWithCode({ text }: { readonly text: string }): ReactNode {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text never move
      <code key={index} className="font-mono text-[0.95em]">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
