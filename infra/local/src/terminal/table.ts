/** Two columns, the first as wide as its widest cell. A row without a second cell is printed unchanged. */
export function renderTable(rows: readonly (readonly [string, string?])[], indent = '  '): string {
  const width = Math.max(0, ...rows.map(([name, value]) => (value === undefined ? 0 : name.length)));
  return rows
    .map(([name, value]) =>
      value === undefined ? `${indent}${name}` : `${indent}${name.padEnd(width)}  ${value}`,
    )
    .map((line) => line.trimEnd())
    .join('\n');
}
