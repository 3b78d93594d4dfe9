import { onServedBuild } from '../api/portal.ts';
import { isAnyFormDirty } from './dirty-forms.ts';

/** The build of this page; set by Vite. */
declare const __BUILD__: string;
export const BUILD: string = typeof __BUILD__ === 'undefined' ? 'development' : __BUILD__;

let stale = false;

/** Notices when the portal serves another build than that of this page. */
export function watchBuild(): void {
  onServedBuild((served) => {
    stale = BUILD !== 'development' && served !== BUILD;
  });
}

/** Whether the next page must be loaded from the server: the build is stale, and no input would be lost. */
export const shouldLoadWhole = (): boolean => stale && !isAnyFormDirty();
