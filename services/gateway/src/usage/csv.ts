type Cell = string | number | null;

/**
 * Renders rows as CSV (RFC 4180): CRLF, quotes where needed. A text that a spreadsheet would run as a formula
 * gets a leading apostrophe (OWASP: CSV injection).
 */
export function renderCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return renderCsvRows([head, ...rows]);
}

/** As `renderCsv`, for further rows of a table. */
export function renderCsvRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
