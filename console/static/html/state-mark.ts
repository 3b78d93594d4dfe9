import { type Html, html } from './html.ts';

export type State = 'pass' | 'warn' | 'fail' | 'unknown';

/** A state as shape, word and colour. The style sheet draws the shape from `data-state`. */
export const stateMark = (state: State, word: string): Html =>
  html`<span class="state" data-state="${state}"><span class="shape" aria-hidden="true"></span><span class="word">${word}</span></span>`;
