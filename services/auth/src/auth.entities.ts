import { AccountTokenEntity } from './account-mails/account-token.entity.ts';
import { ApiKeyEntity } from './api-keys/api-key.entity.ts';
import { ApplicationEntity } from './applications/application.entity.ts';
import { DomainEntity } from './domains/domain.entity.ts';
import { ExternalIdentityEntity } from './external-identities/external-identity.entity.ts';
import { InvitationEntity } from './invitations/invitation.entity.ts';
import { LogInAttemptEntity } from './log-in-attempts/log-in-attempt.entity.ts';
import { MembershipEntity } from './members/membership.entity.ts';
import { PartnerEntity } from './partners/partner.entity.ts';
import { RoleEntity } from './roles/role.entity.ts';
import { ChallengeEntity } from './second-factors/challenges/challenge.entity.ts';
import { PasskeyEntity } from './second-factors/passkeys/passkey.entity.ts';
import { RecoveryCodeEntity } from './second-factors/recovery-codes/recovery-code.entity.ts';
import { TotpFactorEntity } from './second-factors/totp/totp-factor.entity.ts';
import { SessionEntity } from './sessions/session.entity.ts';
import { SsoConnectionEntity } from './sso-connections/sso-connection.entity.ts';
import { SsoIdentityEntity } from './sso-connections/sso-identity.entity.ts';
import { KnownNetworkEntity } from './users/known-network.entity.ts';
import { UserEntity } from './users/user.entity.ts';

/** Every entity of this service. */
export const entities = [
  PartnerEntity,
  UserEntity,
  RoleEntity,
  MembershipEntity,
  InvitationEntity,
  DomainEntity,
  AccountTokenEntity,
  SessionEntity,
  KnownNetworkEntity,
  ApiKeyEntity,
  SessionEntity,
  KnownNetworkEntity,
  ApiKeyEntity,
  TotpFactorEntity,
  RecoveryCodeEntity,
  PasskeyEntity,
  ChallengeEntity,
  ApplicationEntity,
  ExternalIdentityEntity,
  LogInAttemptEntity,
  SsoConnectionEntity,
  SsoIdentityEntity,
];
