import { CreateAuthTables1795262400000 } from './0001-create-auth-tables.ts';
import { OrderApiKeys1795608000000 } from './0002-order-api-keys.ts';
import { CreateKnownNetworks1795608060000 } from './0003-create-known-networks.ts';
import { BrowserSessions1795737600000 } from './0004-browser-sessions.ts';
import { ExpireApiKeys1795910400000 } from './0005-expire-api-keys.ts';
import { PreferAndList1795910460000 } from './0006-prefer-and-list.ts';
import { MarkExplorerKeys1795996800000 } from './0007-mark-explorer-keys.ts';
import { MembersAndRoles1796083200000 } from './0008-members-and-roles.ts';
import { RestrictApiKeys1796947200000 } from './0010-restrict-api-keys.ts';
import { ImportApiKeys1796947260000 } from './0011-import-api-keys.ts';
import { MarkLeakedKeys1796947320000 } from './0012-mark-leaked-keys.ts';
import { SecondFactors1796169600000 } from './0020-second-factors.ts';
import { CreateAuditLog1796860800000 } from './0030-create-audit-log.ts';
import { CreatePartnerSuspensions1796860860000 } from './0031-create-partner-suspensions.ts';
import { CreateSupportAccess1796860920000 } from './0032-create-support-access.ts';
import { CreateOAuth1797033600000 } from './0040-create-oauth.ts';
import { ExternalLogIns1797638400000 } from './0050-external-log-ins.ts';
import { CreateSso1797638460000 } from './0051-create-sso.ts';
import { CreateVerifiedDomains1797552000000 } from './0060-create-verified-domains.ts';
import { CreateScim1797552060000 } from './0061-create-scim.ts';
import { LimitApiKeys1797552120000 } from './0062-limit-api-keys.ts';
import { PermitKeyRevocation1797552180000 } from './0063-permit-key-revocation.ts';
import { ProtectTenants1797465600000 } from './0070-protect-tenants.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [
  CreateAuthTables1795262400000,
  OrderApiKeys1795608000000,
  CreateKnownNetworks1795608060000,
  BrowserSessions1795737600000,
  ExpireApiKeys1795910400000,
  PreferAndList1795910460000,
  MarkExplorerKeys1795996800000,
  MembersAndRoles1796083200000,
  SecondFactors1796169600000,
  CreateAuditLog1796860800000,
  CreatePartnerSuspensions1796860860000,
  CreateSupportAccess1796860920000,
  RestrictApiKeys1796947200000,
  ImportApiKeys1796947260000,
  MarkLeakedKeys1796947320000,
  ProtectTenants1797465600000,
  CreateVerifiedDomains1797552000000,
  CreateOAuth1797033600000,
  CreateScim1797552060000,
  LimitApiKeys1797552120000,
  PermitKeyRevocation1797552180000,
  ExternalLogIns1797638400000,
  CreateSso1797638460000,
];
