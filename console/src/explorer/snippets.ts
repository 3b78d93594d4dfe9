import { printCurl } from '../reference/print-curl.ts';
import { literal, printSdk } from '../reference/print-sdk.ts';
import type { Credential } from './credential.ts';
import type { PreparedCall } from './prepare-call.ts';

export type Language = 'curl' | 'sdk';

/** A session stays in its cookie, which no page can read: a program sends the token of a session of its own. */
const TOKEN = 'GRIDWORKS_TOKEN';

interface Snippet {
  readonly call: PreparedCall;
  readonly credential: Credential;
  /** The key that it is sent with; null when it is sent with something else. */
  readonly bearer: string | null;
  /** Where the portal is. */
  readonly origin: string;
}

/** The same call as a command or a program, ready to be run. */
export function printSnippet(language: Language, { call, credential, bearer, origin }: Snippet): string {
  const isSession = credential === 'session';
  if (language === 'curl') {
    const token = { name: 'authorization', value: `Bearer $${TOKEN}`, isTemplate: true };
    const headers = isSession ? [token, ...call.headers] : call.headers;
    return printCurl(origin, { ...call, headers });
  }
  const version = call.headers.find(({ name }) => name === 'portal-version');
  return printSdk({
    method: call.operation.method,
    path: call.operation.path,
    origin,
    credential: isSession ? `process.env.${TOKEN}` : bearer && literal(bearer),
    input: call.input,
    ...(call.idempotencyKey === null ? {} : { idempotencyKey: call.idempotencyKey }),
    ...(version ? { headers: { 'portal-version': version.value } } : {}),
  });
}
