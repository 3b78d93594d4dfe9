import { onServedBuild } from '../api/portal.ts';
import { isAnyFormDirty } from './dirty-forms.ts';

/** The build that this page is of; set by Vite. */
declare const __BUILD__: string;
export const BUILD: string = typeof __BUILD__ === 'undefined' ? 'development' : __BUILD__;

let stale = false;

/** Notices when the portal serves another build than this page is of. */
export function watchBuild(): void {
  onServedBuild((served) => {
    stale = BUILD !== 'development' && served !== BUILD;
  });
}

/** A stale page loads its next address from the server in place of changing by itself, unless something would be lost. */
export const shouldLoadWhole = (): boolean => stale && !isAnyFormDirty();
