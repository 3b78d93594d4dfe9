export * from './classification.ts';
export { classify } from './classify-error.ts';
