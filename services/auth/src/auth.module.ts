import { Database, PersistenceModule } from '@gridworks/persistence';
import { HealthRegistry, provideRedis } from '@gridworks/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { migrations } from '../migrations/index.ts';
import { AccountMailer } from './account-mails/account-mailer.ts';
import { AccountTokenRepository } from './account-mails/account-token.repository.ts';
import { EmailConfirmationsHandler } from './account-mails/email-confirmations.handler.ts';
import { PasswordResetsHandler } from './account-mails/password-resets.handler.ts';
import { SendAccountMailHandler } from './account-mails/send-account-mail.handler.ts';
import { ChangePlatformRoleHandler } from './accounts/change-platform-role.handler.ts';
import { CountAccountsHandler } from './accounts/count-accounts.handler.ts';
import { DirectoryRepository } from './accounts/directory.repository.ts';
import { GetOnboardingHandler } from './accounts/get-onboarding.handler.ts';
import { GetPartnerHandler } from './accounts/get-partner.handler.ts';
import { ListPartnersHandler } from './accounts/list-partners.handler.ts';
import { ListUsersHandler } from './accounts/list-users.handler.ts';
import { OpenAccount } from './accounts/open-account.ts';
import { PartnerFigures } from './accounts/partner-figures.ts';
import { RegisterPartnerHandler } from './accounts/register-partner.handler.ts';
import { UpdatePartnerHandler } from './accounts/update-partner.handler.ts';
import { ApiKeyRepository } from './api-keys/api-key.repository.ts';
import { CreateApiKeyHandler } from './api-keys/create-api-key.handler.ts';
import { CreateExplorerKeyHandler } from './api-keys/create-explorer-key.handler.ts';
import { GetApiKeyHandler } from './api-keys/get-api-key.handler.ts';
import { ImportApiKeysHandler } from './api-keys/import-api-keys.handler.ts';
import { KeyUse } from './api-keys/key-use.ts';
import { ListApiKeysHandler } from './api-keys/list-api-keys.handler.ts';
import { RevokeApiKeyHandler } from './api-keys/revoke-api-key.handler.ts';
import { RotateApiKeyHandler } from './api-keys/rotate-api-key.handler.ts';
import { UpdateApiKeyHandler } from './api-keys/update-api-key.handler.ts';
import { ApplicationRepository } from './applications/application.repository.ts';
import { CreateApplicationHandler } from './applications/create-application.handler.ts';
import { ReadApplicationsHandler } from './applications/read-applications.handler.ts';
import { RotateApplicationSecretHandler } from './applications/rotate-application-secret.handler.ts';
import { AuditRepository } from './audit/audit.repository.ts';
import { AuditChain } from './audit/audit-chain.ts';
import { AuditHeads } from './audit/audit-heads.ts';
import { AuditRetention } from './audit/audit-retention.ts';
import { ReadAuditHandler } from './audit/read-audit.handler.ts';
import { RecordActsHandler } from './audit/record-acts.handler.ts';
import { entities } from './auth.entities.ts';
import { CredentialRepository } from './credentials/credential.repository.ts';
import { GetIdentityHandler } from './credentials/get-identity.handler.ts';
import { VerifyCredentialHandler } from './credentials/verify-credential.handler.ts';
import { DomainRepository } from './domains/domain.repository.ts';
import { DomainRecords } from './domains/domain-records.ts';
import { DomainsHandler } from './domains/domains.handler.ts';
import { RecheckDomains } from './domains/recheck-domains.ts';
import { ExternalIdentitiesHandler } from './enrolment/external-identities.handler.ts';
import { OwnAccount } from './enrolment/own-account.ts';
import { PasskeysHandler } from './enrolment/passkeys.handler.ts';
import { SecondFactorsHandler } from './enrolment/second-factors.handler.ts';
import { TotpHandler } from './enrolment/totp.handler.ts';
import { ExternalIdentityRepository } from './external-identities/external-identity.repository.ts';
import { AcceptInvitationsHandler } from './invitations/accept-invitations.handler.ts';
import { InvitationRepository } from './invitations/invitation.repository.ts';
import { InvitationsHandler } from './invitations/invitations.handler.ts';
import { LeakedKeyRepository } from './leaked-keys/leaked-key.repository.ts';
import { ReportLeakedKeysHandler } from './leaked-keys/report-leaked-keys.handler.ts';
import { BeginSsoHandler } from './log-in/begin-sso.handler.ts';
import { CompleteLogIn } from './log-in/complete-log-in.ts';
import { CompleteSessionHandler } from './log-in/complete-session.handler.ts';
import { CreateLogInChallengeHandler } from './log-in/create-log-in-challenge.handler.ts';
import { ExternalLogInHandler } from './log-in/external-log-in.handler.ts';
import { ExternalProofHandler } from './log-in/external-proof.handler.ts';
import { RecoverBrowserSessionHandler } from './log-in/recover-browser-session.handler.ts';
import { SsoLogIn } from './log-in/sso-log-in.ts';
import { StepUpHandler } from './log-in/step-up.handler.ts';
import { BeginAttempt } from './log-in-attempts/begin-attempt.ts';
import { LogInAttemptRepository } from './log-in-attempts/log-in-attempt.repository.ts';
import { ListLogInProvidersHandler } from './log-in-providers/list-log-in-providers.handler.ts';
import { LogInProviders } from './log-in-providers/log-in-providers.ts';
import { AccountMails } from './mail-requests/account-mails.ts';
import { MembersHandler } from './members/members.handler.ts';
import { MembershipRepository } from './members/membership.repository.ts';
import { MembershipsHandler } from './members/memberships.handler.ts';
import { RolesHandler } from './members/roles.handler.ts';
import { AccessTokens } from './oauth/access-tokens/access-tokens.ts';
import { ApplicationAccessHandler } from './oauth/authorizations/application-access.handler.ts';
import { ApplicationAccessRepository } from './oauth/authorizations/application-access.repository.ts';
import { AuthorizationsHandler } from './oauth/authorizations/authorizations.handler.ts';
import { Interactions } from './oauth/authorizations/interactions.ts';
import { RevokeApplicationHandler } from './oauth/authorizations/revoke-application.handler.ts';
import { ExchangeOAuthHandler } from './oauth/exchange/exchange-oauth.handler.ts';
import { OAuthListener } from './oauth/exchange/oauth-listener.ts';
import { Issuer } from './oauth/issuer.ts';
import { OAuthProvider } from './oauth/provider/oauth-provider.ts';
import { StructuredTokens } from './oauth/provider/structured-tokens.ts';
import { OAuthRecordRepository } from './oauth/records/oauth-record.repository.ts';
import { SigningKeyUpkeep } from './oauth/signing-keys/key-upkeep.ts';
import { RotateSigningKeysHandler } from './oauth/signing-keys/rotate-signing-keys.handler.ts';
import { SigningKeys } from './oauth/signing-keys/signing-keys.ts';
import { PartnerRepository } from './partners/partner.repository.ts';
import { SendPaymentMailHandler } from './payment-mails/send-payment-mail.handler.ts';
import { RoleRepository } from './roles/role.repository.ts';
import { MapGroupsHandler } from './scim/groups/map-groups.handler.ts';
import { ScimGroupRepository } from './scim/groups/scim-group.repository.ts';
import { ScimGroupsHandler } from './scim/groups/scim-groups.handler.ts';
import { WriteGroups } from './scim/groups/write-groups.ts';
import { GroupRoles } from './scim/people/group-roles.ts';
import { ProvisionedAccounts } from './scim/people/provisioned-accounts.ts';
import { ScimTokenRepository } from './scim/tokens/scim-token.repository.ts';
import { ScimTokensHandler } from './scim/tokens/scim-tokens.handler.ts';
import { ScimUserRepository } from './scim/users/scim-user.repository.ts';
import { ScimUsersHandler } from './scim/users/scim-users.handler.ts';
import { WriteUsers } from './scim/users/write-users.ts';
import { ChallengeRepository } from './second-factors/challenges/challenge.repository.ts';
import { DemandSecondFactor } from './second-factors/demand-second-factor.ts';
import { FactorProofs } from './second-factors/factor-proofs.ts';
import { PasskeyRepository } from './second-factors/passkeys/passkey.repository.ts';
import { WebAuthn } from './second-factors/passkeys/web-authn.ts';
import { RecoveryCodeRepository } from './second-factors/recovery-codes/recovery-code.repository.ts';
import { SecondFactors } from './second-factors/second-factors.ts';
import { ResealSecrets } from './second-factors/totp/reseal-secrets.ts';
import { SecretBox } from './second-factors/totp/secret-box.ts';
import { TotpRepository } from './second-factors/totp/totp.repository.ts';
import { ActingFor } from './sessions/acting.ts';
import { CreateBrowserSessionHandler } from './sessions/create-browser-session.handler.ts';
import { CreateSessionHandler } from './sessions/create-session.handler.ts';
import { EndSessionsHandler } from './sessions/end-sessions.handler.ts';
import { GetBrowserSessionHandler } from './sessions/get-browser-session.handler.ts';
import { ListSessionsHandler } from './sessions/list-sessions.handler.ts';
import { LogIn } from './sessions/log-in.ts';
import { OpenSession } from './sessions/open-session.ts';
import { RevokeSessionHandler } from './sessions/revoke-session.handler.ts';
import { SessionRepository } from './sessions/session.repository.ts';
import { SamlHandler } from './sso/saml.handler.ts';
import { SsoConnectionsHandler } from './sso/sso-connections.handler.ts';
import { SsoTestsHandler } from './sso/sso-tests.handler.ts';
import { ResealSsoSecrets } from './sso-connections/reseal-sso-secrets.ts';
import { SsoClients } from './sso-connections/sso-clients.ts';
import { SsoConnectionRepository } from './sso-connections/sso-connection.repository.ts';
import { ImpersonateHandler } from './support-access/impersonate.handler.ts';
import { SupportAccessHandler } from './support-access/support-access.handler.ts';
import { SupportAccessRepository } from './support-access/support-access.repository.ts';
import { SuspendPartnerHandler } from './suspensions/suspend-partner.handler.ts';
import { SuspensionRepository } from './suspensions/suspension.repository.ts';
import { EnsureSyntheticPartnerHandler } from './synthetic-partner/ensure-synthetic-partner.handler.ts';
import { SyntheticPartnerRepository } from './synthetic-partner/synthetic-partner.repository.ts';
import { AttemptThrottle } from './throttling/attempt-throttle.ts';
import { InvitationThrottle } from './throttling/invitation-throttle.ts';
import { LoginThrottle } from './throttling/login-throttle.ts';
import { MailThrottle } from './throttling/mail-throttle.ts';
import { LIMITERS, RedisLimiters } from './throttling/redis-limiters.ts';
import { RegistrationThrottle } from './throttling/registration-throttle.ts';
import { SecondFactorThrottle } from './throttling/second-factor-throttle.ts';
import { AdminSeed } from './users/admin-seed.ts';
import { BreachedPasswords } from './users/breached-passwords.ts';
import { ChangePasswordHandler } from './users/change-password.handler.ts';
import { CheckPassword } from './users/check-password.ts';
import { KnownNetworkRepository } from './users/known-network.repository.ts';
import { PasswordHasher } from './users/password-hasher.ts';
import { UpdateIdentityHandler } from './users/update-identity.handler.ts';
import { UserRepository } from './users/user.repository.ts';

/** Rows of OAuth that nobody can use any more. */
const EXPIRED = [
  ...['oauth_records', 'revoked_access_tokens'].map((table) => ({ table, condition: 'expires_at < now()' })),
  { table: 'signing_keys', condition: `retires_at < now() - interval '1 day'` },
];

@Module({
  controllers: [
    RegisterPartnerHandler,
    CreateSessionHandler,
    RevokeSessionHandler,
    CreateBrowserSessionHandler,
    GetBrowserSessionHandler,
    EndSessionsHandler,
    ListSessionsHandler,
    VerifyCredentialHandler,
    GetIdentityHandler,
    CreateApiKeyHandler,
    CreateExplorerKeyHandler,
    ImportApiKeysHandler,
    GetApiKeyHandler,
    ListApiKeysHandler,
    UpdateApiKeyHandler,
    RevokeApiKeyHandler,
    RotateApiKeyHandler,
    ReportLeakedKeysHandler,
    UpdateIdentityHandler,
    ChangePasswordHandler,
    GetOnboardingHandler,
    ListPartnersHandler,
    GetPartnerHandler,
    ListUsersHandler,
    CountAccountsHandler,
    EnsureSyntheticPartnerHandler,
    RecordActsHandler,
    ReadAuditHandler,
    SuspendPartnerHandler,
    SupportAccessHandler,
    ImpersonateHandler,
    MembersHandler,
    MembershipsHandler,
    UpdatePartnerHandler,
    RolesHandler,
    DomainsHandler,
    ScimTokensHandler,
    ScimUsersHandler,
    ScimGroupsHandler,
    MapGroupsHandler,
    InvitationsHandler,
    AcceptInvitationsHandler,
    EmailConfirmationsHandler,
    PasswordResetsHandler,
    SendAccountMailHandler,
    SendPaymentMailHandler,
    ChangePlatformRoleHandler,
    CreateLogInChallengeHandler,
    CompleteSessionHandler,
    RecoverBrowserSessionHandler,
    StepUpHandler,
    SecondFactorsHandler,
    TotpHandler,
    PasskeysHandler,
    CreateApplicationHandler,
    ReadApplicationsHandler,
    RotateApplicationSecretHandler,
    RevokeApplicationHandler,
    AuthorizationsHandler,
    ApplicationAccessHandler,
    RotateSigningKeysHandler,
    ExchangeOAuthHandler,
    ListLogInProvidersHandler,
    ExternalLogInHandler,
    ExternalProofHandler,
    ExternalIdentitiesHandler,
    BeginSsoHandler,
    SsoConnectionsHandler,
    SsoTestsHandler,
    SamlHandler,
  ],
  providers: [
    PartnerRepository,
    SyntheticPartnerRepository,
    UserRepository,
    SessionRepository,
    LogIn,
    ApiKeyRepository,
    KeyUse,
    LeakedKeyRepository,
    DirectoryRepository,
    PartnerFigures,
    CredentialRepository,
    PasswordHasher,
    BreachedPasswords,
    MembershipRepository,
    RoleRepository,
    DomainRepository,
    DomainRecords,
    RecheckDomains,
    ScimTokenRepository,
    ScimUserRepository,
    ScimGroupRepository,
    ProvisionedAccounts,
    GroupRoles,
    WriteUsers,
    WriteGroups,
    InvitationRepository,
    AccountTokenRepository,
    AccountMails,
    AccountMailer,
    ActingFor,
    MailThrottle,
    InvitationThrottle,
    KnownNetworkRepository,
    LoginThrottle,
    RegistrationThrottle,
    SecondFactorThrottle,
    CheckPassword,
    OpenSession,
    SecretBox,
    ResealSecrets,
    TotpRepository,
    RecoveryCodeRepository,
    PasskeyRepository,
    ChallengeRepository,
    WebAuthn,
    SecondFactors,
    DemandSecondFactor,
    FactorProofs,
    CompleteLogIn,
    OwnAccount,
    OpenAccount,
    LogInProviders,
    LogInAttemptRepository,
    BeginAttempt,
    AttemptThrottle,
    ExternalIdentityRepository,
    SsoConnectionRepository,
    SsoClients,
    SsoLogIn,
    ResealSsoSecrets,
    AdminSeed,
    AuditChain,
    AuditHeads,
    AuditRepository,
    AuditRetention,
    SuspensionRepository,
    SupportAccessRepository,
    ApplicationRepository,
    ApplicationAccessRepository,
    OAuthRecordRepository,
    Issuer,
    SigningKeys,
    SigningKeyUpkeep,
    AccessTokens,
    StructuredTokens,
    OAuthProvider,
    OAuthListener,
    Interactions,
    provideRedis('redis is away: log-in attempts are counted by each auth instance for itself'),
    { provide: LIMITERS, useClass: RedisLimiters },
  ],
})
export class AuthModule {
  constructor(health: HealthRegistry, database: Database) {
    health.register(database);
  }

  /** The tables of this service. */
  static persistence(url: string): DynamicModule {
    return PersistenceModule.forService({ service: 'auth', migrations, entities, url, expired: EXPIRED });
  }
}
