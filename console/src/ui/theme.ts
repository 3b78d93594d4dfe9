export type Theme = 'system' | 'light' | 'dark';

/** The name of the preferences in `localStorage`. The public pages read the theme from there, too. */
export const PREFERENCES_NAME = 'gridworks.preferences';

/** Shows a theme on this page. Any other value shows the theme of the system. */
export function showTheme(theme: unknown): void {
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  else delete root.dataset.theme;
}
