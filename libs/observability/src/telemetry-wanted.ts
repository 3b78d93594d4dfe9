/**
 * Whether the standard variables configure an export of spans, so that the SDK must be loaded. An empty
 * variable counts as not set, as the specification says.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function isTelemetryWanted(environment: Readonly<Record<string, string | undefined>>): boolean {
  const {
    OTEL_SDK_DISABLED,
    OTEL_CONFIG_FILE,
    OTEL_TRACES_EXPORTER,
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    OTEL_EXPORTER_ZIPKIN_ENDPOINT,
  } = environment;
  if (OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  if (OTEL_CONFIG_FILE) return true;
  const exporter = OTEL_TRACES_EXPORTER?.trim();
  if (exporter) return exporter !== 'none';
  return Boolean(
    OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_ZIPKIN_ENDPOINT,
  );
}
