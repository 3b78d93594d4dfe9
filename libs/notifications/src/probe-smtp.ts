import { smtpFailure } from './smtp-failure.ts';

/**
 * Whether a mail server takes our mail: connects anew, greets it and logs in, and sends no mail.
 * @param url `smtp[s]://[user:password@]host[:port]`
 * @param timeoutMs how long the whole look may take, in milliseconds
 * @throws AppError NOTIFICATIONS.DEFERRED (it is away, it hangs) or NOTIFICATIONS.REFUSED (the credentials are wrong)
 */
export async function probeSmtp(url: string, timeoutMs: number): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const mailer = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(Object.assign(new Error(`no response within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })),
    timeoutMs,
  );
  const verified = mailer.verify();
  verified.catch(() => undefined); // it may reject after the race has ended
  try {
    await Promise.race([verified, late.promise]);
  } catch (error) {
    throw smtpFailure(error, false);
  } finally {
    clearTimeout(timer);
    mailer.close();
  }
}
