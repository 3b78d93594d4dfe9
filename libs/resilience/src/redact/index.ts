export { type RedactOptions, redact } from './redact.ts';
export { redactText } from './redact-text.ts';
