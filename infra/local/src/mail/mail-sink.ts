import { parseArgs } from 'node:util';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { createMailServer } from './mail-http.ts';
import { MailStore } from './mail-store.ts';

/** The process `mail`: receives every email by SMTP, stores it, and shows it. Nothing leaves the machine. */
const { values } = parseArgs({
  options: { smtp: { type: 'string' }, http: { type: 'string' }, folder: { type: 'string' } },
});
const { smtp, http, folder } = values;
const smsToken = process.env.SMS_SINK_TOKEN;
if (!smtp || !http || !folder || !smsToken) {
  throw new Error('usage: SMS_SINK_TOKEN=… mail-sink.ts --smtp PORT --http PORT --folder DIR');
}

/** Announced to clients, and enforced: the portal's mails are far smaller. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads a mail, of which never more than the limit is held. Throws a 552 (RFC 5321) for a longer one, after
 * reading it to its end.
 */
async function readMail(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  if (!stream.sizeExceeded) return Buffer.concat(chunks);
  throw Object.assign(new Error(`the mail is longer than ${MAX_BYTES} bytes`), { responseCode: 552 });
}

const store = new MailStore(folder);
const smtpServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  size: MAX_BYTES,
  // Each may hold a mail of the maximum size in memory.
  maxClients: 16,
  onData(stream, session, done) {
    readMail(stream)
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
