export { fingerprint } from './fingerprint.ts';
export { messageTemplate } from './message-template.ts';
