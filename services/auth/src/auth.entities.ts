import { AccountTokenEntity } from './account-mails/account-token.entity.ts';
import { ApiKeyEntity } from './api-keys/api-key.entity.ts';
import { InvitationEntity } from './invitations/invitation.entity.ts';
import { MembershipEntity } from './members/membership.entity.ts';
import { PartnerEntity } from './partners/partner.entity.ts';
import { RoleEntity } from './roles/role.entity.ts';
import { SessionEntity } from './sessions/session.entity.ts';
import { KnownNetworkEntity } from './users/known-network.entity.ts';
import { UserEntity } from './users/user.entity.ts';

/** Every entity of this service. */
export const entities = [
  PartnerEntity,
  UserEntity,
  RoleEntity,
  MembershipEntity,
  InvitationEntity,
  AccountTokenEntity,
  SessionEntity,
  KnownNetworkEntity,
  ApiKeyEntity,
];
