import { describe, expect, it } from '@jest/globals';
import { isTelemetryWanted } from './telemetry-wanted.ts';

describe('isTelemetryWanted', () => {
  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' },
    { OTEL_TRACES_EXPORTER: 'console' },
    { OTEL_TRACES_EXPORTER: 'otlp' },
    { OTEL_CONFIG_FILE: '/etc/otel.yaml' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'false' },
  ])('loads the SDK for %j', (environment) => expect(isTelemetryWanted(environment)).toBe(true));

  it.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' },
    { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging', OTEL_TRACES_SAMPLER: 'always_on' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'TRUE' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' },
    { OTEL_CONFIG_FILE: '/etc/otel.yaml', OTEL_SDK_DISABLED: 'true' },
  ])('does not load the SDK for %j', (environment) => expect(isTelemetryWanted(environment)).toBe(false));
});
