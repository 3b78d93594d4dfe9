/** The address of SCIM at this portal. */
export const scimAddress = (portalUrl: string): string => `${portalUrl.replace(/\/+$/, '')}/scim/v2`;

/** The part of a list that `startIndex` and `count` mean (RFC 7644, 3.4.2.4): below 1 is 1, a negative count is 0. */
export function pageOf(
  { start_index: start, count }: { readonly start_index: number; readonly count?: number | undefined },
  most: number,
): { offset: number; limit: number } {
  return { offset: Math.max(1, start) - 1, limit: Math.min(Math.max(0, count ?? most), most) };
}
