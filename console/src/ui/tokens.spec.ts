import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const block = (start: string): Map<string, string> => {
  const text = css.slice(css.indexOf(start) + start.length);
  return new Map(
    [...text.slice(0, text.indexOf('}')).matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );
};
const light = block(':root {');
const dark = block(':root[data-theme="dark"] {');
const darkBySystem = block(':root:not([data-theme="light"]) {');

/** Relative luminance and contrast by WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

const SURFACES = ['canvas', 'surface', 'surface-sunken', 'surface-hover', 'surface-selected'];
const TEXTS = ['text', 'text-muted', 'text-faint', 'accent-text', 'pass', 'warn', 'fail', 'unknown'];
const READABLE: [string, string][] = [
  ...TEXTS.flatMap((text) => SURFACES.map((surface): [string, string] => [text, surface])),
  ...['pass', 'warn', 'fail', 'unknown', 'mode-test'].map((state): [string, string] => [
    state,
    `${state}-soft`,
  ]),
  ['accent-text', 'accent-soft'],
  ...['accent', 'accent-hover', 'fail-solid', 'fail-hover'].map((ground): [string, string] => [
    'text-on-accent',
    ground,
  ]),
];
const MARKS = [
  ...['pass-mark', 'warn-mark', 'fail-mark', 'unknown-mark', 'line-strong'],
  ...[1, 2, 3, 4, 5].map((series) => `series-${series}`),
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, theme) => {
  it.each(READABLE)('has %s readable on %s', (text, ground) => {
    expect(contrast(theme.get(text)!, theme.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(MARKS)('has %s visible on the surface', (mark) => {
    expect(contrast(theme.get(mark)!, theme.get('surface')!)).toBeGreaterThanOrEqual(3);
  });
});

it('defines the same values for dark by choice and dark by the system', () => {
  expect([...darkBySystem]).toEqual([...dark]);
});
