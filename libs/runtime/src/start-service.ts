import { Bus, BusServer } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import { createLogger, type Logger, startTelemetry } from '@gridworks/observability';
import { processEnvironment } from '@gridworks/resilience';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import { CacheRegistry } from './cache-registry.ts';
import { createServiceApp } from './create-service-app.ts';
import { DrainSequence } from './drain-sequence.ts';
import { exitOnFatalErrors } from './fatal-errors.ts';
import { connectHealing, type HealingRuntime } from './healing/connect-healing.ts';
import { registerHealingMetrics } from './healing/healing-metrics.ts';
import { HealthEndpoints } from './health-endpoints.ts';
import { HealthRegistry } from './health-registry.ts';
import { serveHealth } from './health-server.ts';
import type { BadAddressHandler } from './http-load.ts';
import { InstanceState } from './instance-state.ts';
import { ConfigError, EXIT_CONFIG, loadConfig } from './load-config.ts';
import { LoadMeter } from './process/load-meter.ts';
import { ServiceInfo } from './process/service-info.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { PulseSender } from './pulse-sender.ts';
import { runtimeModule } from './runtime.module.ts';
import { serveControls } from './serve-controls.ts';
import type { SharedConfig } from './shared.config.ts';

export interface ServiceOptions<Config extends SharedConfig> {
  readonly service: ServiceName;
  readonly module: Type | DynamicModule;
  /** `sharedConfig`, extended by the service's own variables. With `http` also by `httpConfig`. */
  readonly config: z.ZodObject & z.ZodType<Config>;
  /** Global modules that need the configuration, for instance the persistence. */
  readonly imports?: (config: Config) => (Type | DynamicModule)[];
  /** Serves HTTP: a Fastify server on `HOST` and `PORT`. */
  readonly http?: 'fastify';
  /**
   * With `http`: responds to an address that cannot be decoded, or has an overlong part. No hook has run by
   * then.
   */
  readonly badAddress?: BadAddressHandler;
  /**
   * For a spec of a part of a service: the service starts although it does not handle everything in its
   * contracts.
   */
  readonly partial?: boolean;
  /** Called once the application is created and before it serves. */
  readonly setup?: (app: INestApplicationContext, context: SetupContext<Config>) => Promise<void> | void;
}

export interface SetupContext<Config> {
  readonly config: Config;
  readonly logger: Logger;
  readonly bus: Bus;
  readonly info: ServiceInfo;
  readonly health: HealthRegistry;
  /** The responses of `/livez`, `/readyz` and so on, for an HTTP server of the service's own. */
  readonly endpoints: HealthEndpoints;
  readonly caches: CacheRegistry;
  readonly load: LoadMeter;
  readonly healing: HealingRuntime;
  /** With `http` only. */
  readonly http: NestFastifyApplication | undefined;
  /** Called when the drain begins, before anything is closed: end streams that would never end. */
  onDrain(name: string, run: () => Promise<void> | void): void;
}

export interface RunningService {
  readonly info: ServiceInfo;
  readonly app: INestApplicationContext;
  readonly healthUrl: string;
  /** The address of the HTTP server, with `http` only. */
  readonly url: string | null;
  /** Drains and ends the process, with status 0 or, when that took too long, 1. Does not return. */
  stop(reason: string): Promise<never>;
}

/**
 * Runs a service until it is stopped: configuration, log, traces, health endpoints, bus, Nest, pulse, control
 * requests, and on SIGTERM or SIGINT a drain that loses nothing. Ends the process with status 78 when the
 * environment is wrong, and with 1 when it cannot start.
 */
export async function startService<Config extends SharedConfig>(
  options: ServiceOptions<Config>,
): Promise<RunningService> {
  const config = configOrExit(options);
  const info = new ServiceInfo(
    options.service,
    config.SERVICE_INSTANCE ?? options.service,
    undefined,
    config.REPLACES_PID,
  );
  const logger = createLogger({ service: info.service, instance: info.instance, level: config.LOG_LEVEL });
  exitOnFatalErrors(logger);

  // A breaker need not wait for a dependency whose check succeeds.
  const health = new HealthRegistry((name) => processEnvironment.breakers.dependencyHealthy(name));
  const state = new InstanceState(health);
  const caches = new CacheRegistry();
  const load = new LoadMeter();
  const endpoints = new HealthEndpoints(info, health, state);
  const drain = new DrainSequence(logger);
  const beginnings = new DrainSequence(logger);
  let stopping: Promise<never> | undefined;
  let goodbye: (() => Promise<void>) | undefined;
  const stop = (reason: string): Promise<never> => {
    stopping ??= end(reason);
    return stopping;
  };
  const end = async (reason: string): Promise<never> => {
    const started = performance.now();
    const begun = state.current() !== 'starting';
    logger.log(begun ? 'service.draining' : 'service.start_aborted', { reason });
    state.enter('draining');
    if (!begun) await goodbye?.();
    const clean = begun ? await drain.run(config.DRAIN_TIMEOUT_MS) : true;
    logger.log(clean ? 'service.stopped' : 'service.stopped_with_losses', {
      took_ms: Math.round(performance.now() - started),
    });
    logger.flush();
    process.exit(clean ? 0 : 1);
  };
  // A second signal changes nothing: a terminal sends its own to the whole group beside the supervisor's.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

  try {
    const [telemetry, healthServer] = await Promise.all([
      startTelemetry(info, logger),
      serveHealth(endpoints, config.HEALTH_HOST, config.HEALTH_PORT),
    ]);
    const bus = await Bus.connect({
      servers: config.NATS_URL,
      user: config.NATS_USER ?? info.service,
      ...(config.NATS_PASSWORD ? { password: config.NATS_PASSWORD } : {}),
      service: info.service,
      instance: info.instance,
      // Only in the gateway's configuration.
      signingKey: (config as { SIGNING_KEY?: string }).SIGNING_KEY,
      signingPublicKey: config.SIGNING_PUBLIC_KEY,
      logger,
    });
    const healing = connectHealing({ bus, info, logger });
    registerHealingMetrics(healing);
    health.register(bus);
    bus.onState(() => void health.check());

    const pulse = new PulseSender(
      {
        info,
        state,
        health,
        load,
        caches,
        healthUrl: healthServer.url,
        diskFolders: config.DISK_FOLDERS ?? [process.cwd()],
      },
      (beat) => bus.sendPulse(beat),
    );
    pulse.start();
    registerProcessMetrics(info, health, load, pulse);
    goodbye = async () => {
      health.stop();
      state.enter('stopped'); // sends the last pulse
      pulse.stop();
      if (bus.state() === 'connected') await bus.rtt().catch(() => undefined); // wait until the pulse was sent
    };
    const { breakers } = healing.environment;
    serveControls(bus, { info, state, health, caches, breakers, logger, drain: (why) => void stop(why) });
    const busServer = new BusServer(bus, { logger, complete: options.partial !== true });
    load.add(busServer);
    const runtime = runtimeModule({ config, logger, bus, info, health, endpoints, caches, load, healing });
    const made = await createServiceApp({
      modules: [runtime, ...(options.imports?.(config) ?? []), options.module],
      busServer,
      logger,
      http: options.http !== undefined,
      badAddress: options.badAddress,
    });
    if (made.httpLoad) load.add(made.httpLoad);
    const context: SetupContext<Config> = {
      config,
      logger,
      bus,
      info,
      health,
      endpoints,
      caches,
      load,
      healing,
      http: made.http,
      onDrain: (name, run) => beginnings.add(name, run),
    };
    await options.setup?.(made.app, context);

    drain.add('begin', async () => void (await beginnings.run(config.DRAIN_TIMEOUT_MS / 2)));
    drain.add('http', () => made.httpLoad?.drain(config.DRAIN_TIMEOUT_MS * 0.6));
    drain.add('requests', () => busServer.drain());
    drain.add('module', () => made.app.close());
    drain.add('reports', () => healing.stop());
    drain.add('goodbye', goodbye);
    drain.add('telemetry', () => telemetry.shutdown());
    drain.add('bus', () => bus.close());
    drain.add('health', () => healthServer.close());

    const url = await made.listen(config as { HOST?: string; PORT?: number });
    await healing.replays.start();
    health.start();
    await health.check();
    state.enter('started');
    logger.log('service.started', {
      boot_ms: Math.round(process.uptime() * 1000),
      health_url: healthServer.url,
      ...(url ? { url } : {}),
    });
    return { info, app: made.app, healthUrl: healthServer.url, url, stop };
  } catch (error) {
    logger.log('service.start_failed', { error });
    logger.flush();
    process.exit(1);
  }
}

function configOrExit<Config extends SharedConfig>(options: ServiceOptions<Config>): Config {
  try {
    return loadConfig(options.service, options.config) as Config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.report}\n`);
    process.exit(EXIT_CONFIG);
  }
}
