import { eventually } from '@gridworks/testing';
import type { PortalPage } from './portal-page.ts';

interface Onboarding {
  readonly steps: readonly { readonly step: string; readonly state: string }[];
}

/** The end of each walk: a key, a call with it, and the first steps of the partner, which show both. */
export async function makeFirstCall(page: PortalPage): Promise<void> {
  const { key } = await page.call<{ key: string }>('POST', '/v1/api-keys', 'a key in test mode, shown once', {
    body: { name: 'First' },
  });
  await page.call('GET', '/v1/plans', 'the first call, with the key', { key });
  // A call is counted a moment after its response.
  const done = await eventually(
    async () => {
      const { steps } = await page.read<Onboarding>('/v1/onboarding');
      const names = steps.filter(({ state }) => state === 'done').map(({ step }) => step);
      if (!names.includes('first_call')) throw new Error(`the first steps show only ${names.join(', ')}`);
      return names;
    },
    { timeoutMs: 60_000, everyMs: 250 },
  );
  await page.call('GET', '/v1/onboarding', `done: ${done.join(', ')}`);
}
