import type { Bus } from '@gridworks/bus';
import type { Logger } from '@gridworks/observability';
import { ErrorReporter, type HealingEnvironment, processEnvironment } from '@gridworks/resilience';
import type { ServiceInfo } from '../process/service-info.ts';
import { BreakerPublisher } from './breaker-publisher.ts';
import { CallQueue } from './call-queue.ts';
import { CallReplays } from './call-replays.ts';
import { BusCaptureSink } from './capture-sink.ts';
import { LocalPatterns } from './pattern-table.ts';

export interface HealingConnections {
  readonly bus: Bus;
  readonly info: ServiceInfo;
  readonly logger: Logger;
  /** Default: the environment of the process. */
  readonly environment?: HealingEnvironment;
}

const LAST_FLUSH_MS = 1000;

/** The healing of this process, connected with the rest of the system. */
export class HealingRuntime {
  readonly environment: HealingEnvironment;
  readonly reporter: ErrorReporter;
  readonly captures: BusCaptureSink;
  readonly patterns = new LocalPatterns();
  readonly queue: CallQueue;
  readonly replays: CallReplays;
  readonly #breakerPublisher: BreakerPublisher;

  constructor({ bus, info, logger, environment = processEnvironment }: HealingConnections) {
    this.environment = environment;
    this.captures = new BusCaptureSink({ bus, info, logger, dropped: () => this.reporter.dropped });
    this.reporter = new ErrorReporter({ sink: (batch) => this.captures.send(batch) });
    this.queue = new CallQueue(bus, info.service);
    this.replays = new CallReplays(bus, info.service, logger);
    this.#breakerPublisher = new BreakerPublisher(environment.breakers, bus, info, logger);
    environment.patterns = this.patterns;
    environment.reporter = this.reporter;
    this.patterns.follow(bus).catch((error: unknown) => logger.log('pattern_table.follow_failed', { error }));
  }

  /** Reports what is left, for a second at most; after that nothing is reported any more. */
  async stop(): Promise<void> {
    this.#breakerPublisher.stop();
    this.patterns.stop();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_FLUSH_MS);
    });
    await Promise.race([this.reporter.stop(), patience]);
    clearTimeout(timer);
  }
}

/**
 * Connects healing with the bus: errors are reported to the healer, patterns are followed, breakers publish
 * their changes, calls can be queued. While any of these is away, healing itself continues.
 */
export const connectHealing = (connections: HealingConnections): HealingRuntime =>
  new HealingRuntime(connections);
