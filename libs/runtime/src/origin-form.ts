/**
 * The target of a request as a path with its query, without a fragment. A server must accept the absolute
 * form too (`GET http://host/livez`, RFC 9112, 3.2.2), and a fragment is no part of a target. All later code
 * sees one form of the address.
 */
export function originForm(target: string): string {
  let address = target;
  if (target.charCodeAt(0) !== 0x2f) {
    const authority = /^https?:\/\/[^/?#]*/i.exec(target)?.[0];
    if (authority === undefined) return target;
    address = target.slice(authority.length);
    if (!address.startsWith('/')) address = `/${address}`;
  }
  const fragment = address.indexOf('#');
  return fragment === -1 ? address : address.slice(0, fragment);
}
