import { type ReactNode, useState } from 'react';
import { Segments } from '../ui/filter.tsx';
import { Section } from '../ui/panel.tsx';
import { AddOidc } from './add-oidc.tsx';
import { AddSaml } from './add-saml.tsx';

const KINDS = { oidc: 'OpenID Connect', saml: 'SAML' } as const;

/** Adds a connection to the identity provider of the partner. */
export function AddConnection(): ReactNode {
  const [kind, setKind] = useState<keyof typeof KINDS>('oidc');
  return (
    <Section
      title="Add a connection"
      actions={<Segments label="Protocol" value={kind} options={KINDS} onChange={setKind} />}
    >
      {kind === 'oidc' ? <AddOidc /> : <AddSaml />}
    </Section>
  );
}
