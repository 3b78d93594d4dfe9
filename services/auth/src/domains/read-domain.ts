import { domainToASCII } from 'node:url';
import { AppError, DOMAIN_REFUSED, INVALID_INPUT } from '@gridworks/contracts';
import { parse } from 'tldts';

/** Domains that give mailboxes to everybody: nobody owns their addresses as a whole, not even who could publish a record. */
const MAIL_PROVIDERS: ReadonlySet<string> = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'passport.com'],
  ...['yahoo.com', 'yahoo.co.uk', 'yahoo.co.jp', 'yahoo.fr', 'yahoo.de', 'ymail.com', 'rocketmail.com'],
  ...['icloud.com', 'me.com', 'mac.com', 'aol.com', 'proton.me', 'protonmail.com', 'pm.me'],
  ...['gmx.de', 'gmx.net', 'gmx.com', 'gmx.at', 'gmx.ch', 'web.de', 'mail.com', 'email.com', 't-online.de'],
  ...['freenet.de', 'posteo.de', 'mailbox.org', 'tutanota.com', 'tuta.com', 'fastmail.com', 'hey.com'],
  ...['zoho.com', 'zohomail.com', 'yandex.ru', 'yandex.com', 'mail.ru', 'bk.ru', 'inbox.ru', 'list.ru'],
  ...['qq.com', '163.com', '126.com', 'sina.com', 'sohu.com', 'foxmail.com', 'naver.com', 'hanmail.net'],
  ...['daum.net', 'rediffmail.com', 'orange.fr', 'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr'],
  ...['libero.it', 'virgilio.it', 'tiscali.it', 'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'seznam.cz'],
  ...['comcast.net', 'verizon.net', 'att.net', 'sbcglobal.net', 'cox.net', 'charter.net', 'btinternet.com'],
  ...['sky.com', 'virginmedia.com', 'bigpond.com', 'uol.com.br', 'bol.com.br', 'terra.com.br'],
  ...['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com'],
]);
const LABELS =
  /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A domain as a person writes it, in lower case and in the form of the DNS. Throws `PLATFORM.INVALID_INPUT` for what is
 * no domain, and `AUTH.DOMAIN_REFUSED` for what nobody can own alone: public suffixes (https://publicsuffix.org, those of
 * hosting services, too), mail providers, names without a registry.
 */
export function readDomain(given: string): string {
  const domain = domainToASCII(given.trim().replace(/\.$/, '')).toLowerCase();
  if (parse(domain).isIp || !LABELS.test(domain)) {
    const detail = 'expected a domain such as ada-energy.com, without http:// and without an address';
    throw new AppError(INVALID_INPUT, { detail, problems: [{ detail, pointer: '/domain' }] });
  }
  const { domain: registered, isIcann, isPrivate } = parse(domain, { allowPrivateDomains: true });
  if (registered === null) throw refused(`${domain} is a public suffix: everybody registers names under it.`);
  if (!isIcann && !isPrivate) throw refused(`${domain} is not a name of the public DNS.`);
  if (MAIL_PROVIDERS.has(registered))
    throw refused(`${registered} gives mailboxes to everybody. Add the domain of your own organisation.`);
  return domain;
}

const refused = (detail: string): AppError =>
  new AppError(DOMAIN_REFUSED, { detail, problems: [{ detail, pointer: '/domain' }] });

/** The domain of an email address. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
