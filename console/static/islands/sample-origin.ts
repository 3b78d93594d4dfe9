/** Stands for the address that a page was loaded from, in every sample. */
export const SAMPLE_ORIGIN = 'http://127.0.0.1:8080';
