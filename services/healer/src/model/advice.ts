/** Tells the people who look at an incident what was said about its error. Never throws, never waits. */
export interface Advice {
  /** Adds a line to the timeline of the open incident that shows this error; without one nothing happens. */
  advise(fingerprint: string, text: string): void;
}
export const ADVICE = Symbol('Advice');
