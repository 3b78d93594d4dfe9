import { SAMPLE_ORIGIN } from '../islands/sample-origin.ts';

const JSON_TYPE = "-H 'content-type: application/json'";

/** Three commands that work unchanged, in this order, in any POSIX shell. */
export const FIRST_CALL: readonly { title: string; text: string; code: string }[] = [
  {
    title: 'Register and log in',
    text: 'Free, without a card. The form on the sign-up page does the same.',
    code: `curl -sS ${SAMPLE_ORIGIN}/v1/partners ${JSON_TYPE} \\
  -d '{"name":"Ada Energy","email":"ada@example.com","password":"correct horse battery"}'
TOKEN=$(curl -sS ${SAMPLE_ORIGIN}/v1/sessions ${JSON_TYPE} \\
  -d '{"email":"ada@example.com","password":"correct horse battery"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
  },
  {
    title: 'Make an API key',
    text: 'It is shown once. Keys are for testing until you say "mode": "live".',
    code: `KEY=$(curl -sS ${SAMPLE_ORIGIN}/v1/api-keys -H "authorization: Bearer $TOKEN" ${JSON_TYPE} \\
  -d '{"name":"first"}' | sed 's/.*"key":"\\([^"]*\\)".*/\\1/')`,
  },
  {
    title: 'Call, and see it counted',
    text: 'Each call counts exactly once, even when a process dies in between.',
    code: `curl -sS ${SAMPLE_ORIGIN}/v1/plans -H "authorization: Bearer $KEY"
sleep 1; curl -sS ${SAMPLE_ORIGIN}/v1/usage -H "authorization: Bearer $TOKEN"`,
  },
];
