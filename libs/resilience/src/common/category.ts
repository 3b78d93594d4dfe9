export const CATEGORIES = ['database', 'api', 'runtime', 'performance'] as const;
/** The category of a call site's work. In reports and metrics. */
export type Category = (typeof CATEGORIES)[number];
