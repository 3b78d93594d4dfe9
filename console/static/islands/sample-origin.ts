/** The placeholder for the origin of the page in every sample. */
export const SAMPLE_ORIGIN = 'http://127.0.0.1:8080';
