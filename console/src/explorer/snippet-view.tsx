import { type ReactNode, useState } from 'react';
import { CodeBlock } from '../ui/code-block.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Segments } from '../ui/filter.tsx';
import { Section } from '../ui/panel.tsx';
import type { Credential } from './credential.ts';
import type { FieldErrors, PreparedCall } from './prepare-call.ts';
import { type Language, printSnippet } from './snippets.ts';

const LANGUAGES = { curl: 'curl', sdk: 'JavaScript SDK' } as const;

interface SnippetViewProps {
  readonly prepared: { readonly call: PreparedCall } | { readonly errors: FieldErrors };
  readonly credential: Credential;
  readonly bearer: string | null;
}

/** The call that "Send" sends, for a shell and for a program. */
export function SnippetView({ prepared, credential, bearer }: SnippetViewProps): ReactNode {
  const [language, setLanguage] = useState<Language>('curl');
  const isReady = 'call' in prepared && (credential !== 'key' || bearer !== null);
  const code = isReady
    ? printSnippet(language, { call: prepared.call, credential, bearer, origin: location.origin })
    : null;
  return (
    <Section
      title="The same call as code"
      actions={
        <>
          <Segments label="Language" value={language} options={LANGUAGES} onChange={setLanguage} />
          {code && <CopyButton text={code} what="Code" />}
        </>
      }
    >
      {code ? (
        <CodeBlock label="Code">{code}</CodeBlock>
      ) : (
        <p className="text-sm text-muted">It is shown when the values in the address are given.</p>
      )}
      {credential === 'session' && (
        <p className="mt-2 text-sm text-faint">
          This page sends the session of your browser. A program sends the token that{' '}
          <code>POST /v1/sessions</code> gives.
        </p>
      )}
    </Section>
  );
}
