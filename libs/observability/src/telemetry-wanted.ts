/**
 * Whether the standard variables ask for spans to be exported, so that the SDK is worth loading. An empty variable is one
 * that is not set, as the specification has it.
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
