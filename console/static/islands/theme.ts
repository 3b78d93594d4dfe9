import { PREFERENCES_NAME, showTheme } from '../../src/ui/theme.ts';

/** Shows the theme that the user has chosen in the console. Runs before the first paint, so that no other theme flashes. */
function showStoredTheme(): void {
  let theme: unknown;
  try {
    theme = (JSON.parse(localStorage.getItem(PREFERENCES_NAME) ?? '{}') as { theme?: unknown } | null)?.theme;
  } catch {
    // Storage is forbidden, or its content is not the console's: the theme of the system.
  }
  showTheme(theme);
}

showStoredTheme();
// The choice was changed in another tab.
addEventListener('storage', showStoredTheme);
