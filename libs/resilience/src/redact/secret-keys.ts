/** Names under which secrets and personal data travel, in lower case without separators. */
const SECRET_PARTS = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'apikey',
  'accesskey',
  'privatekey',
  'signingkey',
  'encryptionkey',
  'credential',
  'authorization',
  'cookie',
  'sessionid',
  'connectionstring',
  'databaseurl',
  'redisurl',
  'natsurl',
  'smtpurl',
  'cardnumber',
  'securitycode',
  'email',
  'phone',
  'jwt',
  'bearer',
];
/** Too short to be looked for inside other words ("compass", "spinner"). */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'pass',
  'pin',
  'otp',
  'totp',
  'cvv',
  'cvc',
  'pan',
  'iban',
  'ssn',
  'dsn',
  'auth',
  'session',
  'mobile',
  'tel',
  'msisdn',
  'seed',
  'nkey',
]);

/** True when what stands under this name is never shown, whatever it is. `max_tokens` and the like count, they do not open anything. */
export function isSecretKey(key: string): boolean {
  if (key.length > 200) return false;
  const flat = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (SECRET_WORDS.has(flat)) return true;
  if (/(?:^|[a-z])tokens$/.test(flat)) return false;
  return SECRET_PARTS.some((part) => flat.includes(part));
}
