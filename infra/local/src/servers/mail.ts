import { join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import type { Secrets } from '../settings/secrets.ts';
import { probeHttp } from '../supervise/probes.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import { serverEnvironment } from './server-context.ts';

/** The mail sink, which is used when no SMTP server is configured. */
export function mailSpec(options: {
  layout: Layout;
  secrets: Secrets;
  smtpPort: number;
  pagePort: number;
}): ProcessSpec {
  const { layout, secrets, smtpPort, pagePort } = options;
  const live = `http://127.0.0.1:${pagePort}/livez`;
  return {
    name: 'mail',
    kind: 'server',
    service: null,
    ports: [smtpPort, pagePort],
    command: () => ({
      file: process.execPath,
      args: [
        ...['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1', '--max-old-space-size=64'],
        join(import.meta.dirname, '..', 'mail', 'mail-sink.ts'),
        ...['--smtp', String(smtpPort), '--http', String(pagePort), '--folder', layout.mail],
      ],
      env: { ...serverEnvironment(), SMS_SINK_TOKEN: secrets.sms_token },
      cwd: layout.root,
    }),
    probe: (signal) => probeHttp(live, signal),
    liveUrl: live,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    stopRank: 4,
  };
}
