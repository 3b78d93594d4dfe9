export { type RedactOptions, redact } from './redact.ts';
export { redactJson } from './redact-json.ts';
export { redactText } from './redact-text.ts';
export { REDACTED } from './redacted.ts';
