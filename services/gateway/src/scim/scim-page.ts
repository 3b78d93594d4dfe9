import { definePage, type GatewayPage } from '../routing/route-declaration.ts';

/** Where SCIM is. The version is part of the address (RFC 7644, 3.13). */
export const SCIM_BASE = '/scim/v2';
/** A group of a thousand members, each with its name and reference. */
const MAX_BODY_BYTES = 512 << 10;

/** Declares an address of SCIM, for the directory of a partner. */
export const scimPage = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  status = 200,
): GatewayPage =>
  definePage({
    summary: 'SCIM 2.0 (RFC 7644)',
    http: { method, path: `${SCIM_BASE}${path}`, status, bodyLimitBytes: MAX_BODY_BYTES },
    permission: 'scim:provision',
    internal: true,
    takesScim: true,
  });
