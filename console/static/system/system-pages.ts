import { type Html, html } from '../html/html.ts';
import type { Page } from '../html/page.ts';
import { type State, stateMark } from '../html/state-mark.ts';

interface Message {
  readonly path: string;
  readonly state: State;
  readonly word: string;
  readonly title: string;
  readonly body: Html;
}

const MESSAGES: readonly Message[] = [
  {
    path: '/offline',
    state: 'unknown',
    word: 'Offline',
    title: 'You are offline',
    body: html`<p>This page came from your device. The API cannot be reached from here, and nothing that you do now is sent.</p>
<h2>What still works</h2>
<ul><li>Pages of the console that you have opened before. What they show may be old; each says when it was fetched.</li><li>Drafts of tickets: they are kept on this device until they are sent.</li></ul>
<p class="actions"><a class="button" href="/home" data-reload>Try again</a></p>`,
  },
  {
    path: '/not-found',
    state: 'unknown',
    word: '404',
    title: 'There is nothing at this address',
    body: html`<p>The address may be mistyped, or what stood here has moved.</p>
<ul><li><a href="/docs">Documentation</a></li><li><a href="/home">Console</a></li><li><a href="/status">Status</a></li></ul>
<p class="actions"><a class="button" href="/">To the first page</a></p>`,
  },
  {
    path: '/forbidden',
    state: 'warn',
    word: '403',
    title: 'Your account may not open this page',
    body: html`<p>You are logged in, but your role does not include it. Ask an owner of your partner account, or log in as somebody else.</p>
<p class="actions"><a class="button" href="/home">To your overview</a><a class="button quiet" href="/login">Log in as somebody else</a></p>`,
  },
  {
    path: '/failed',
    state: 'fail',
    word: '503',
    title: 'This page could not be made',
    body: html`<p>Something on our side does not work at the moment. Most faults here are repaired by themselves within seconds, so trying again is worth it.</p>
<ul><li>Nothing of yours was changed by this.</li><li><a href="/status">Status</a> says what is known.</li></ul>
<p class="actions"><a class="button" href="/" data-reload>Try again</a></p>`,
  },
];

/** Pages that explain why another page is not shown. The gateway serves them with the matching status. */
export const systemPages = (): Page[] =>
  MESSAGES.map(({ path, state, word, title, body }) => ({
    path,
    title,
    description: title,
    section: 'system',
    island: 'frame',
    hidden: true,
    body: html`<div class="bar message"><p>${stateMark(state, word)}</p><h1>${title}</h1>${body}</div>`,
  }));
