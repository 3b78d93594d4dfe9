import type { TelemetryOptions } from './span-export.ts';
import { setSpanExporter } from './with-span.ts';

export type { TelemetryOptions };

export interface Telemetry {
  /** Whether spans leave the process. */
  readonly exporting: boolean;
  /** Sends what is still buffered, at most 2 s, and stops. Never throws. */
  shutdown(): Promise<void>;
}

const shutdownMs = 2000;

/**
 * Starts the export of spans over OTLP/HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` (or its `_TRACES_` form) is
 * set; the other `OTEL_*` variables are honoured by the SDK. Otherwise OpenTelemetry is not even loaded.
 * A collector that is away costs the service nothing but the spans.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SDK_DISABLED } = process.env;
  const wanted = Boolean(OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
  if (!wanted || OTEL_SDK_DISABLED === 'true') return { exporting: false, shutdown: async () => undefined };
  const { exportSpans } = await import('./span-export.ts');
  const stop = exportSpans(options);
  return {
    exporting: true,
    async shutdown() {
      setSpanExporter(undefined);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, shutdownMs);
      });
      await Promise.race([stop().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}
