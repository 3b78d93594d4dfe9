/** JSON Pointer (RFC 6901) of a path: `/data/0/a~1b`. Each part is cut at 200 characters, since callers choose them. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
