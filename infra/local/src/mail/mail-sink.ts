import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { createMailServer } from './mail-http.ts';
import { MailStore } from './mail-store.ts';

/** The process `mail`: takes every email by SMTP, keeps it, and shows it. Nothing leaves the machine. */
const { values } = parseArgs({
  options: { smtp: { type: 'string' }, http: { type: 'string' }, folder: { type: 'string' } },
});
const { smtp, http, folder } = values;
const smsToken = process.env.SMS_SINK_TOKEN;
if (!smtp || !http || !folder || !smsToken) {
  throw new Error('usage: SMS_SINK_TOKEN=… mail-sink.ts --smtp PORT --http PORT --folder DIR');
}

const store = new MailStore(folder);
const smtpServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  size: 10 * 1024 * 1024,
  onData(stream, session, done) {
    buffer(stream)
      .then((raw) =>
        store.addEmail(
          raw,
          session.envelope.rcptTo.map(({ address }) => address),
        ),
      )
      .then(
        () => done(),
        (error: Error) => done(error),
      );
  },
});
smtpServer.on('error', (error) => process.stderr.write(`smtp: ${error.message}\n`));
smtpServer.listen(Number(smtp), '127.0.0.1');
const page = createMailServer(store, smsToken).listen(Number(http), '127.0.0.1');

process.once('SIGTERM', () => {
  page.close();
  page.closeAllConnections();
  smtpServer.close(() => process.exit(0));
  setTimeout(() => process.exit(0), 2_000).unref();
});
