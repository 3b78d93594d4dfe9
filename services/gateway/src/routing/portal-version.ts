/** The dated version of the public API that this door speaks. Inside a date it only gains things. */
export const PORTAL_VERSION = '2026-11-01';
