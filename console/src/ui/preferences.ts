import { create } from 'zustand';
import { PREFERENCES_NAME, showTheme, type Theme } from './theme.ts';

/** Preferences of one user, kept in this browser. They hold no secret and decide no permission. */
export interface Preferences {
  readonly theme: Theme;
  /** Times in the zone of the browser, or in UTC. */
  readonly zone: 'local' | 'utc';
  readonly density: 'comfortable' | 'compact';
}

const DEFAULTS: Preferences = { theme: 'system', zone: 'local', density: 'comfortable' };
const CHOICES: { readonly [K in keyof Preferences]: readonly Preferences[K][] } = {
  theme: ['system', 'light', 'dark'],
  zone: ['local', 'utc'],
  density: ['comfortable', 'compact'],
};

export const usePreferences = create<Preferences>(read);
usePreferences.subscribe((now) => {
  show(now);
  storePreferences();
});
show(usePreferences.getState());
// Another tab changed the preferences. The tab that wrote them gets no event.
globalThis.addEventListener?.('storage', (event) => {
  if (event.key === PREFERENCES_NAME) usePreferences.setState(read());
});

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(PREFERENCES_NAME) ?? '{}') as Record<string, unknown>;
    const known = Object.entries(CHOICES).filter(([name, values]) =>
      (values as readonly unknown[]).includes(stored[name]),
    );
    return { ...DEFAULTS, ...Object.fromEntries(known.map(([name]) => [name, stored[name]])) };
  } catch {
    return DEFAULTS;
  }
}

function show({ theme, density }: Preferences): void {
  const root = globalThis.document?.documentElement;
  if (!root) return;
  showTheme(theme);
  root.dataset.density = density;
}

/** Writes the preferences to this browser, for example after a log-out has cleared its storage. */
export function storePreferences(): void {
  try {
    localStorage.setItem(PREFERENCES_NAME, JSON.stringify(usePreferences.getState()));
  } catch {
    // Storage is full or forbidden: the choice is kept until the page is left.
  }
}
