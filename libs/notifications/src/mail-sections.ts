/** A part of a mail: sentences, names with values, or a table. */
export interface Section {
  readonly title: string;
  readonly lines?: readonly string[];
  /** A value may have several lines. */
  readonly pairs?: readonly (readonly [string, string])[];
  readonly table?: readonly (readonly string[])[];
}

/** Plain text with aligned columns, readable on a phone. */
export function renderSectionsAsText(heading: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title, lines = [], pairs = [], table = [] }) => {
    const width = Math.max(0, ...pairs.map(([name]) => name.length));
    const indent = `\n${' '.repeat(width + 4)}`;
    const widths = (table[0] ?? []).map((_cell, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
    return [
      title.toUpperCase(),
      ...lines.map((line) => `  ${line}`),
      ...pairs.map(([name, value]) => `  ${name.padEnd(width)}  ${value.replaceAll('\n', indent)}`),
      ...table.map((row) => `  ${row.map((cell, at) => align(cell, at, widths)).join('  ')}`.trimEnd()),
    ].join('\n');
  });
  return `${[heading, ...parts].join('\n\n')}\n`;
}

// The first column contains numbers.
const align = (cell: string, at: number, widths: readonly number[]) =>
  at === 0 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);

/** The same sections as simple HTML: no images, no scripts, nothing to load. */
export function renderSectionsAsHtml(heading: string, sections: readonly Section[], colour: string): string {
  const cell = (text: string, style: string) =>
    `<td style="padding:1px 12px 1px 0;vertical-align:top;${style}">${breaks(text)}</td>`;
  const parts = sections.map(({ title, lines = [], pairs = [], table = [] }) =>
    [
      `<h3 style="margin:18px 0 4px;font-size:14px">${escapeHtml(title)}</h3>`,
      ...lines.map((line) => `<p style="margin:2px 0">${breaks(line)}</p>`),
      pairs.length + table.length > 0 ? '<table style="border-collapse:collapse;font-size:14px">' : '',
      ...pairs.map(([name, value]) => `<tr>${cell(name, 'color:#667085')}${cell(value, '')}</tr>`),
      ...table.map(
        ([first = '', ...rest]) =>
          `<tr>${cell(first, 'text-align:right;font-family:monospace')}${rest.map((text) => cell(text, '')).join('')}</tr>`,
      ),
      pairs.length + table.length > 0 ? '</table>' : '',
    ].join('\n'),
  );
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:14px;color:#101828">',
    `<h2 style="font-size:18px;color:${colour}">${escapeHtml(heading)}</h2>`,
    ...parts,
    '</body></html>',
  ].join('\n');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const breaks = (text: string) => escapeHtml(text).replaceAll('\n', '<br>');
