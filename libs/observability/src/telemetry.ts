import type { Logger } from './logger.ts';
import type { TelemetryOptions } from './open-telemetry.ts';
import { isTelemetryWanted } from './telemetry-wanted.ts';

export type { TelemetryOptions };

export interface Telemetry {
  /** Whether spans leave the process. */
  readonly exporting: boolean;
  /** Sends what is still buffered, at most 2 s, and stops. Never throws. */
  shutdown(): Promise<void>;
}

const SHUTDOWN_MS = 2000;

/**
 * Starts the OpenTelemetry SDK when an `OTEL_*` variable names an exporter, an endpoint or a configuration
 * file; every standard variable then works as the SDK defines it. Otherwise OpenTelemetry is not even loaded:
 * loading takes 0.7 s of the start and 65 MB. While a collector is away, the service loses the spans and logs
 * one line per minute in `logger`, nothing else.
 */
export async function startTelemetry(options: TelemetryOptions, logger?: Logger): Promise<Telemetry> {
  if (!isTelemetryWanted(process.env)) return { exporting: false, shutdown: async () => undefined };
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  const stop = startOpenTelemetry(options, logger);
  return {
    exporting: stop !== null,
    async shutdown() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, SHUTDOWN_MS);
      });
      await Promise.race([stop?.().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}
