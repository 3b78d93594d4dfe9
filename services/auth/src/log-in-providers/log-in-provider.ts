import { type logInProviderSchema, PROVIDER_KINDS, providerIdSchema } from '@gridworks/contracts';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });

/** A log-in provider of the configuration. */
const entrySchema = z.strictObject({
  id: providerIdSchema,
  kind: z.enum(PROVIDER_KINDS),
  /** As buttons show it. */
  name: z.string().min(1).max(40).optional(),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  /** Of kind `oidc`: its issuer. Of `google`: another one than Google's, for tests. */
  issuer: httpUrl.optional(),
  /** Of kind `github`: the address of an own GitHub Enterprise Server, and that of its API. */
  base_url: httpUrl.optional(),
  api_url: httpUrl.optional(),
});

/** All providers of the configuration: `AUTH_LOG_IN_PROVIDERS`. */
export const logInProvidersSchema = z
  .array(entrySchema)
  .max(20)
  .superRefine((entries, context) => {
    const ids = entries.map(({ id }) => id);
    if (new Set(ids).size < ids.length) context.addIssue({ code: 'custom', message: 'names one id twice' });
    if (ids.includes('sso'))
      context.addIssue({
        code: 'custom',
        message: 'names a provider sso: that is the single sign-on of partners',
      });
    for (const { id, kind, issuer, name } of entries)
      if (kind === 'oidc' && (!issuer || !name))
        context.addIssue({ code: 'custom', message: `${id} needs an issuer and a name` });
  })
  .transform((entries) => entries.map(withDefaults));

/** A log-in provider with everything that its kind sets. */
export type LogInProvider = ReturnType<typeof withDefaults>;

function withDefaults(entry: z.output<typeof entrySchema>) {
  const github = entry.base_url ?? 'https://github.com';
  return {
    id: entry.id,
    kind: entry.kind,
    name: entry.name ?? { google: 'Google', github: 'GitHub', oidc: entry.id }[entry.kind],
    clientId: entry.client_id,
    clientSecret: entry.client_secret,
    issuer:
      entry.kind === 'github'
        ? `${trimmed(github)}/login/oauth`
        : (entry.issuer ?? 'https://accounts.google.com'),
    /** Of kind `github`. */
    apiUrl: trimmed(
      entry.api_url ?? (entry.base_url ? `${trimmed(github)}/api/v3` : 'https://api.github.com'),
    ),
  };
}

const trimmed = (url: string): string => url.replace(/\/+$/, '');

export function presentProvider({ id, kind, name }: LogInProvider): z.output<typeof logInProviderSchema> {
  return { object: 'log_in_provider', id, kind, name };
}
