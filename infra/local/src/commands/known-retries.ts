/**
 * Tests that may need a second run twice in a row without failing CI, with the reason and the person who
 * fixes them: a debt, so ideally empty. The keys are the names in the closing line of `npm test`.
 */
export const KNOWN_RETRIES: Readonly<Record<string, string>> = {};
