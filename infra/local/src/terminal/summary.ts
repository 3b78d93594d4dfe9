import { type Layout, shortPath } from '../files/layout.ts';
import type { OwnPorts } from '../settings/addresses.ts';
import type { Settings } from '../settings/settings.ts';
import { renderTable } from './table.ts';

/** The last output of `npm start`: all addresses, and the line that scripts wait for. */
export function renderSummary(options: {
  layout: Layout;
  settings: Settings;
  ports: OwnPorts;
  /** Milliseconds since the start began. */
  ms: number;
}): string {
  const { layout, settings, ports, ms } = options;
  const gateway = `http://127.0.0.1:${ports.gateway}`;
  const short = (path: string) => shortPath(layout, path);
  const password = settings.adminPassword
    ? 'AUTH_ADMIN_PASSWORD'
    : `admin_password in ${short(layout.secrets)}`;
  const table = renderTable([
    ['Console', gateway],
    ['API', `${gateway}/v1`],
    ['Documentation', `${gateway}/docs`],
    ['Health', `${gateway}/health`],
    ['Mail', settings.smtpUrl ? 'sent through SMTP_URL' : `http://127.0.0.1:${ports.mailPage}`],
    ['Admin', `${settings.adminEmail}, password: ${password}`],
    ['Logs', `${short(layout.logs)}/<name>.log`],
    ['Processes', short(layout.state)],
    ['Ctrl-C', 'ends everything in order'],
  ]);
  return `\n${table}\n\n  up in ${(ms / 1000).toFixed(1)} s\nready ${gateway}`;
}
