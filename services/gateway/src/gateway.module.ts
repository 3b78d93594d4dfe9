import { Bus, serviceOfConsumer } from '@gridworks/bus';
import { consumerOf, inboxRequest, usageRecorded, verifyCredential } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { CONFIG, HealthRegistry, LOGGER, provideRedis, RedisClient, ServiceInfo } from '@gridworks/runtime';
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EventsController } from './admin/events.controller.ts';
import { SystemHealthController } from './admin/system-health.controller.ts';
import { ApiKeysController } from './api-keys/api-keys.controller.ts';
import { AuditExportController } from './audit/audit-export.controller.ts';
import { BrowserSessionsController } from './browser-sessions/browser-sessions.controller.ts';
import { LogInAttemptsController } from './browser-sessions/log-in-attempts.controller.ts';
import { CallBudgets } from './budgets/call-budgets.ts';
import { ConsoleFiles } from './console/console-files.ts';
import { ConsoleNotFound } from './console/console-not-found.ts';
import { loadConsole } from './console/load-console.ts';
import { CallerFinder } from './credentials/caller-finder.ts';
import { CredentialInvalidator } from './credentials/credential-invalidator.ts';
import { PrincipalCache } from './credentials/principal-cache.ts';
import { PartnerEntitlements } from './entitlements/entitlements.ts';
import { EntitlementsListener } from './entitlements/entitlements-listener.ts';
import { openEntitlements } from './entitlements/open-entitlements.ts';
import { FrontendReportsController } from './frontend-reports/frontend-reports.controller.ts';
import type { GatewayConfig } from './gateway.config.ts';
import { ImpersonationsController } from './impersonations/impersonations.controller.ts';
import { InvoicePdfController } from './invoices/invoice-pdf.controller.ts';
import { LeakedKeysController } from './leaked-keys/leaked-keys.controller.ts';
import { ScannerKeys } from './leaked-keys/scanner-keys.ts';
import { CallLimits } from './limits/call-limits.ts';
import { readAddressBehind } from './limits/caller-address.ts';
import { OpenRequests } from './limits/open-requests.ts';
import { OverloadWatch } from './limits/overload-watch.ts';
import { RateLimiter } from './limits/rate-limiter.ts';
import { RedisCount } from './limits/redis-count.ts';
import { EventFeed } from './live/event-feed.ts';
import { CallMeter } from './metering/call-meter.ts';
import { UsageConfirmer } from './metering/usage-confirmer.ts';
import { UsageJournal } from './metering/usage-journal.ts';
import { UsageRelay } from './metering/usage-relay.ts';
import { AuthorizationsController } from './oauth/authorizations.controller.ts';
import { OAuthController } from './oauth/oauth.controller.ts';
import { DocumentsController } from './openapi/documents.controller.ts';
import { PaymentWebhooksController } from './payment-webhooks/payment-webhooks.controller.ts';
import { NotFoundPages, ProblemFilter } from './problems/problem-filter.ts';
import { RequestForwarder } from './routing/request-forwarder.ts';
import { RequestPipeline } from './routing/request-pipeline.ts';
import { SECURITY_HEADERS } from './routing/security-headers.ts';
import { SamlController } from './saml/saml.controller.ts';
import { ScimController } from './scim/scim.controller.ts';
import { ScimDiscoveryController } from './scim/scim-discovery.controller.ts';
import { ProofsController } from './sessions/proofs.controller.ts';
import { SessionsController } from './sessions/sessions.controller.ts';
import { HealthController } from './system/health.controller.ts';
import { UsageController } from './usage/usage.controller.ts';

const JOURNAL_WATCH_MS = 500;
/** How long the last records may take to reach the bus; the rest is sent after the next start. */
const RELAY_DRAIN_MS = 2000;

@Module({
  controllers: [
    SessionsController,
    ProofsController,
    FrontendReportsController,
    BrowserSessionsController,
    LogInAttemptsController,
    SamlController,
    ApiKeysController,
    LeakedKeysController,
    PaymentWebhooksController,
    EventsController,
    SystemHealthController,
    HealthController,
    DocumentsController,
    UsageController,
    AuditExportController,
    InvoicePdfController,
    ImpersonationsController,
    OAuthController,
    AuthorizationsController,
    ScimController,
    ScimDiscoveryController,
  ],
  providers: [
    provideRedis('rate limits are counted by each gateway alone'),
    RequestForwarder,
    CredentialInvalidator,
    EntitlementsListener,
    EventFeed,
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: ConsoleFiles,
      inject: [CONFIG, LOGGER, HealthRegistry],
      useFactory: (config: GatewayConfig, logger: Logger, health: HealthRegistry) =>
        loadConsole(config.GATEWAY_CONSOLE_DIR, logger, health),
    },
    {
      provide: NotFoundPages,
      inject: [ConsoleFiles, LOGGER],
      useFactory: (files: ConsoleFiles, logger: Logger) => new ConsoleNotFound(files, logger),
    },
    {
      provide: PartnerEntitlements,
      inject: [Bus, RedisClient, CONFIG],
      useFactory: (bus: Bus, redis: RedisClient, config: GatewayConfig) =>
        openEntitlements(bus, redis, {
          burst: config.GATEWAY_LIMIT_BURST,
          daily: config.GATEWAY_LIMIT_DAILY,
        }),
    },
    {
      provide: PrincipalCache,
      inject: [Bus, PartnerEntitlements],
      useFactory: (bus: Bus, entitlements: PartnerEntitlements) =>
        new PrincipalCache({
          verify: async ({ kind, digest, token }, deadlineMs) => {
            const { principal, expires_at, allowed_networks, limits } = await bus.request(
              verifyCredential,
              { kind, digest, ...(token === undefined ? {} : { token }) },
              { deadlineMs },
            );
            // So that no call with a known credential has to wait for them.
            if (principal.partner_id !== null) await entitlements.learn(principal.partner_id);
            return {
              principal,
              expiresAt: expires_at === null ? null : Date.parse(expires_at),
              allowedNetworks: allowed_networks,
              limits,
            };
          },
        }),
    },
    {
      provide: ScannerKeys,
      inject: [CONFIG],
      useFactory: (config: GatewayConfig) =>
        new ScannerKeys({
          document: config.GATEWAY_SCANNER_KEYS ?? null,
          url: config.GATEWAY_SCANNER_KEYS_URL ?? null,
        }),
    },
    {
      provide: RateLimiter,
      inject: [RedisClient, HealthRegistry, ServiceInfo],
      useFactory: (redis: RedisClient, health: HealthRegistry, info: ServiceInfo) =>
        new RateLimiter({
          count: new RedisCount(redis),
          gateway: info.instance,
          onDegraded: (text) => health.setDegraded('rate-limits', text),
        }),
    },
    {
      provide: CallBudgets,
      inject: [RateLimiter, PartnerEntitlements],
      useFactory: (limiter: RateLimiter, entitlements: PartnerEntitlements) =>
        new CallBudgets(limiter, entitlements),
    },
    {
      provide: CallLimits,
      inject: [RateLimiter, CONFIG, PartnerEntitlements],
      useFactory: (limiter: RateLimiter, config: GatewayConfig, entitlements: PartnerEntitlements) =>
        new CallLimits(
          limiter,
          {
            burst: config.GATEWAY_LIMIT_BURST,
            daily: config.GATEWAY_LIMIT_DAILY,
            addressBurst: config.GATEWAY_LIMIT_ADDRESS_BURST,
            addressDaily: config.GATEWAY_LIMIT_ADDRESS_DAILY,
            filesBurst: config.GATEWAY_LIMIT_FILES_BURST,
            filesDaily: config.GATEWAY_LIMIT_FILES_DAILY,
          },
          (partnerId) => entitlements.limitsOf(partnerId),
        ),
    },
    {
      provide: UsageJournal,
      inject: [CONFIG, ServiceInfo],
      useFactory: (config: GatewayConfig, info: ServiceInfo) =>
        UsageJournal.open({
          directory: config.GATEWAY_JOURNAL_DIR,
          instance: info.instance,
          sync: config.GATEWAY_JOURNAL_SYNC,
          maxBacklogBytes: config.GATEWAY_JOURNAL_MAX_BYTES,
        }),
    },
    {
      provide: UsageRelay,
      inject: [UsageJournal, Bus, HealthRegistry, LOGGER],
      useFactory: (journal: UsageJournal, bus: Bus, health: HealthRegistry, logger: Logger) =>
        new UsageRelay({
          journal,
          publish: async (records, id) =>
            void (await bus.publish(usageRecorded, { records: [...records] }, { id })),
          onDegraded: (text) => health.setDegraded('usage-relay', text),
          onBadLine: (place) => logger.log('usage_journal.line_damaged', { place }),
        }),
    },
    {
      provide: UsageConfirmer,
      inject: [UsageJournal, Bus, LOGGER],
      useFactory: (journal: UsageJournal, bus: Bus, logger: Logger) =>
        new UsageConfirmer({
          journal,
          confirm: async (ids) => {
            const consumer = consumerOf(usageRecorded);
            const inbox = inboxRequest(serviceOfConsumer(consumer));
            return (await bus.request(inbox, { consumer, event_ids: [...ids] })).confirmed;
          },
          publishAgain: async (records, id, copy) =>
            void (await bus.publish(
              usageRecorded,
              { records: [...records] },
              { id, dedupId: `${id}.${copy}` },
            )),
          onSentAgain: (batches) => logger.log('usage.published_again', { batches }),
        }),
    },
    {
      provide: CallMeter,
      inject: [UsageJournal],
      useFactory: (journal: UsageJournal) => new CallMeter(journal),
    },
    {
      provide: CallerFinder,
      inject: [PrincipalCache, CallLimits],
      useFactory: (cache: PrincipalCache, limits: CallLimits) => new CallerFinder(cache, limits),
    },
    {
      provide: OverloadWatch,
      inject: [HealthRegistry, LOGGER],
      useFactory: (health: HealthRegistry, logger: Logger) =>
        new OverloadWatch({ logger, onDegraded: (text) => health.setDegraded('overload', text) }),
    },
    {
      provide: OpenRequests,
      inject: [CONFIG, OverloadWatch],
      useFactory: (config: GatewayConfig, overload: OverloadWatch) =>
        new OpenRequests(
          { perCaller: config.GATEWAY_MAX_OPEN_PER_CALLER, working: config.GATEWAY_MAX_IN_FLIGHT },
          () => overload.refused('in_flight'),
        ),
    },
    {
      provide: RequestPipeline,
      inject: [
        CallerFinder,
        CallLimits,
        CallBudgets,
        CallMeter,
        CONFIG,
        OpenRequests,
        OverloadWatch,
        ConsoleFiles,
      ],
      useFactory: (
        callers: CallerFinder,
        limits: CallLimits,
        budgets: CallBudgets,
        meter: CallMeter,
        config: GatewayConfig,
        open: OpenRequests,
        overload: OverloadWatch,
        { build }: ConsoleFiles,
      ) =>
        new RequestPipeline({
          callers,
          limits,
          budgets,
          meter,
          addressOf: readAddressBehind(config.GATEWAY_TRUSTED_PROXIES),
          deadlineMs: config.GATEWAY_REQUEST_DEADLINE_MS,
          open,
          overload,
          // A page that was loaded before a deployment learns from any response that a newer build is served.
          headers: build === null ? SECURITY_HEADERS : { ...SECURITY_HEADERS, 'console-build': build },
        }),
    },
  ],
})
export class GatewayModule implements OnApplicationBootstrap, OnApplicationShutdown {
  #watch: NodeJS.Timeout | undefined;

  constructor(
    readonly journal: UsageJournal,
    readonly relay: UsageRelay,
    readonly confirmer: UsageConfirmer,
    readonly health: HealthRegistry,
    readonly overload: OverloadWatch,
  ) {}

  onApplicationBootstrap(): void {
    this.relay.start();
    this.confirmer.start();
    this.overload.start();
    this.#watch = setInterval(
      () => this.health.setDegraded('usage-journal', this.journal.refusal()),
      JOURNAL_WATCH_MS,
    ).unref();
  }

  /** The HTTP server is closed by now: no further call is metered. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#watch);
    this.overload.stop();
    await this.confirmer.stop();
    await this.relay.stop(RELAY_DRAIN_MS);
    await this.journal.close();
  }
}
