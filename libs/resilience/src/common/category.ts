export const CATEGORIES = ['database', 'api', 'runtime', 'performance'] as const;
/** What kind of thing a call site does. In reports and metrics. */
export type Category = (typeof CATEGORIES)[number];
