export { classify } from './classify-error.ts';
export * from './kinds/classification.ts';
