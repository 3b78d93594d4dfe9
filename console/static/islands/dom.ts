import type { State } from '../html/state-mark.ts';

/** The first element that has `data-NAME`; null when the page has none. */
export const byData = <T extends HTMLElement = HTMLElement>(name: string): T | null =>
  document.querySelector<T>(`[data-${name}]`);

/** Makes an element with attributes and children. No HTML is parsed: the pages' policy forbids it. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Shape and word of a state; the style sheet draws the shape. */
export const stateMark = (state: State, word: string): HTMLElement =>
  el(
    'span',
    { class: 'state', 'data-state': state },
    el('span', { class: 'shape', 'aria-hidden': 'true' }),
    el('span', { class: 'word' }, word),
  );

/** Whole numbers with the separators of the reader's language. */
export const count = (value: number): string => new Intl.NumberFormat().format(Math.round(value));

/** Local time of day with its zone: `14:03:22 CET`. */
export const clock = (at: string | number | Date): string =>
  new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at));
