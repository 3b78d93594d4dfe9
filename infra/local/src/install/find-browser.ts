import { existsSync } from 'node:fs';
import { findProgram } from './find-servers.ts';
import { canUseApt, installDebianPackages, ServersMissingError } from './install-servers.ts';

/** The names of the installed programs, Chromium before Chrome. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** The locations on macOS and Windows, which are not on PATH. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser for the tests of the console: `BROWSER_BIN` when set, else an installed Chromium or Chrome; null when there is none. */
export function findBrowser(): string | null {
  const named = process.env.BROWSER_BIN;
  if (named && existsSync(named)) return named;
  for (const name of NAMES) {
    const file = findProgram(name);
    if (file) return file;
  }
  return PLACES.find((place) => existsSync(place)) ?? null;
}

/**
 * Finds the browser, or installs Debian's as root. Throws ServersMissingError with the commands for this
 * system.
 */
export async function ensureBrowser(note: (text: string) => void = () => {}): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  let trouble = '';
  if (canUseApt()) {
    note('installing chromium with apt-get, for the tests in a browser');
    trouble = await installDebianPackages(['chromium']);
    const installed = findBrowser();
    if (installed) return installed;
  }
  const command =
    process.platform === 'darwin'
      ? 'brew install --cask google-chrome'
      : 'sudo apt-get install chromium   (Debian)';
  throw new ServersMissingError(
    [
      'No Chromium or Chrome found: the console is tested in a real browser.',
      ...(trouble ? ['apt-get said:', ...trouble.split('\n').map((line) => `  ${line}`)] : []),
      'Do one of these, then run the command again:',
      `  ${command}`,
      '  set BROWSER_BIN to the program of a Chromium or Chrome',
    ].join('\n'),
  );
}
