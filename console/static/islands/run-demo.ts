import type { State } from '../html/state-mark.ts';
import { type DemoSession, readDemo } from '../landing/demo-session.ts';
import { byData, el, stateMark } from './dom.ts';
import { RequestFailed, request } from './request.ts';

const POLL_MS = 500;
/** A fault that is not healed after this time is shown as not healed. */
const GIVE_UP_MS = 120_000;
const SHOWN: Readonly<Record<DemoSession['phase'], [State, string]>> = {
  ready: ['pass', 'Billing works'],
  healing: ['fail', 'Broken, and being healed'],
  healed: ['pass', 'Healed and verified'],
  failed: ['fail', 'Not healed'],
};

/** The button that breaks the billing of a sandbox, and the timeline of its healing. */
export function runDemo(): void {
  const button = byData<HTMLButtonElement>('demo-break');
  button?.addEventListener('click', () => {
    button.disabled = true;
    breakAndWatch()
      .catch((error: unknown) => {
        // The id of a sandbox that has ended or could not be read is dropped.
        session = null;
        const hasEnded = error instanceof RequestFailed && error.status === 404;
        say('unknown', hasEnded ? 'The sandbox has ended' : 'The demo is not available now');
        note(reason(error));
      })
      .finally(() => {
        button.disabled = false;
      });
  });
}

let session: DemoSession | null = null;

async function breakAndWatch(): Promise<void> {
  byData('demo-timeline')?.replaceChildren();
  note('Opening a sandbox.');
  say('unknown', 'Starting');
  if (!session || session.phase === 'failed')
    session = readDemo(await request('/v1/demo-sessions', 'POST', {}));
  const address = `/v1/demo-sessions/${session.id}`;
  session = readDemo(await request(`${address}/fault`, 'POST', {}));
  const endAt = Date.now() + GIVE_UP_MS;
  while (Date.now() < endAt) {
    show(session);
    if (session.phase === 'healed' || session.phase === 'failed') return;
    await pause(POLL_MS);
    session = (await readAgain(address)) ?? session;
  }
  note('Not healed in two minutes. Press again for another sandbox.');
  session = null;
}

/** One poll. Returns null after a temporary refusal, so that the demo continues with the next poll. */
async function readAgain(address: string): Promise<DemoSession | null> {
  try {
    return readDemo(await request(address));
  } catch (error) {
    const passes =
      error instanceof RequestFailed && (error.status === 0 || error.status === 429 || error.status >= 500);
    if (!passes) throw error;
    await pause((error.retryAfter ?? 1) * 1000);
    return null;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function show({ phase, entries, calls }: DemoSession): void {
  say(...SHOWN[phase]);
  const list = byData('demo-timeline');
  if (!list) return;
  for (const { atMs, text, state } of entries.slice(list.children.length))
    list.append(
      el(
        'li',
        { 'data-state': state },
        el('span', { class: 'shape', 'aria-hidden': 'true' }),
        el('span', { class: 'at' }, `${(atMs / 1000).toFixed(2)} s`),
        el('span', {}, text),
      ),
    );
  const { made, responded, repeated, lost } = calls;
  const figures = `Calls: ${made} made, ${responded} with a response, ${repeated} repeated, ${lost} lost.`;
  note(phase === 'healed' ? `${figures} Press to break it again.` : figures);
}

const say = (state: State, word: string): void => {
  byData('demo-status')?.replaceChildren(stateMark(state, word));
};
const note = (text: string): void => {
  const place = byData('demo-note');
  if (place) place.textContent = text;
};

function reason(error: unknown): string {
  if (!(error instanceof RequestFailed)) return 'The response could not be read.';
  const when = error.retryAfter === null ? 'Try again in a moment' : `Try again in ${error.retryAfter} s`;
  return `${error.message}. ${when}.`;
}
