/**
 * Text that contains a secret, as found in logs, errors, responses and configuration, and the parts of it
 * that must be hidden.
 */
export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly secrets: readonly string[];
}

const UPPER = 'QZ7WX4RT2VB5NM6KJ3HGFDSPLYC';
const MIXED = 'q7Zw4XrT2vB9nM6kJ3hGfDsP1LyCeA8o';
const HEX = '9f3b7c1e5a8d2046fb0c';
/**
 * The body of a key: made up, and never a whole key in this file, since tools that search for leaks read the
 * file, too.
 */
const run = (alphabet: string, length: number, from = 0): string =>
  Array.from({ length }, (_, at) => alphabet[(from + at * 7) % alphabet.length]).join('');
const mixed = (length: number, from?: number) => run(MIXED, length, from);
const hex = (length: number, from?: number) => run(HEX, length, from);
const upper = (length: number) => run(UPPER, length);
const base32 = (length: number) => run(UPPER, length);

const sample = (name: string, text: string, ...secrets: string[]): Sample => ({ name, text, secrets });
/** A key whose prefix may be kept. */
const key = (
  name: string,
  prefix: string,
  body: string,
  around = (whole: string) => `used ${whole} to call`,
) => sample(name, around(`${prefix}${body}`), body);

const JWT_HEAD = ['ey', 'JhbGciOiJIUzI1NiJ9'].join('');
const jwt = `${JWT_HEAD}.${['ey', 'JzdWIiOiIxIn0'].join('')}.${mixed(43)}`;
const pem = (label: string, body: string) =>
  [`-----BEGIN ${label}-----`, body, `-----END ${label}-----`].join('\n');
const BODY = `${mixed(64)}\n${mixed(64, 3)}`;
const CARD = ['4242', '4242', '4242', '4242'];

/** Secrets that must be hidden. */
export const SECRETS: readonly Sample[] = [
  // The portal's own keys
  key('own live key', 'pp_live_', mixed(30)),
  key('own test key', 'pp_test_', mixed(30)),
  key('own SCIM token', 'pp_scim_', mixed(30)),
  key('own session token', 'ses_', mixed(43)),
  key('own webhook secret', 'whsec_', mixed(32)),
  sample('own key in a header', `authorization: Bearer pp_live_${mixed(30)}`, mixed(30)),
  sample(
    'own password in a body',
    '{"email":"ada@example.com","password":"correct horse battery"}',
    'horse',
    'ada@',
  ),
  // Amazon, Google, Microsoft
  key('AWS access key id', 'AKIA', upper(16)),
  key('AWS temporary key id', 'ASIA', upper(16)),
  sample(
    'AWS secret key in a file',
    `aws_secret_access_key = ${mixed(30)}/+${mixed(8)}`,
    mixed(30),
    mixed(8),
  ),
  sample('AWS secret key in an environment', `AWS_SECRET_ACCESS_KEY=${mixed(20)}/${mixed(19)}`, mixed(20)),
  sample('AWS session token', `AWS_SESSION_TOKEN=${mixed(80)}==`, mixed(80)),
  sample('AWS presigned URL', `GET https://b.s3.amazonaws.com/o?X-Amz-Signature=${hex(64)}&x=1`, hex(64)),
  key('AWS Bedrock key', 'ABSK', mixed(110)),
  key('GCP API key', 'AIza', mixed(35)),
  key('GCP access token', 'ya29.', mixed(60)),
  key('GCP refresh token', '1//0', mixed(60)),
  key('GCP client secret', 'GOCSPX-', mixed(28)),
  sample(
    'GCP service account',
    JSON.stringify({
      type: 'service_account',
      private_key_id: hex(40),
      private_key: pem('PRIVATE KEY', BODY),
    }),
    mixed(64),
    mixed(64, 3),
  ),
  key('Azure client secret', '', `${mixed(3)}8Q~${mixed(34)}`),
  sample(
    'Azure storage connection string',
    `DefaultEndpointsProtocol=https;AccountName=portal;AccountKey=${mixed(86)}==;EndpointSuffix=core.windows.net`,
    mixed(86),
  ),
  sample('Azure storage key alone', `key ${mixed(86)}== refused`, mixed(86)),
  sample(
    'Azure shared access signature',
    `https://p.blob.core.windows.net/c?sv=2025-01-05&sig=${mixed(40)}%3D`,
    mixed(40),
  ),
  sample(
    'Azure service bus',
    `Endpoint=sb://p.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${mixed(43)}=`,
    mixed(43),
  ),
  key('Azure API key', '', `${mixed(52)}JQQJ99${mixed(26)}`),
  // Source and packages
  key('GitHub personal token', 'ghp_', mixed(36)),
  key('GitHub OAuth token', 'gho_', mixed(36)),
  key('GitHub server token', 'ghs_', mixed(36)),
  key('GitHub fine-grained token', 'github_pat_', `${mixed(22)}_${mixed(59)}`),
  sample(
    'GitHub token in a remote',
    `fatal: https://x-access-token:ghp_${mixed(36)}@github.com/a/b`,
    mixed(36),
  ),
  sample('token as the user of a URL', `https://${mixed(20)}@github.com/a/b`, mixed(20)),
  key('GitLab personal token', 'glpat-', mixed(20)),
  key('GitLab deploy token', 'gldt-', mixed(20)),
  key('GitLab runner token', 'glrt-', mixed(20)),
  key('npm token', 'npm_', mixed(36)),
  sample('.npmrc', `//registry.npmjs.org/:_authToken=${hex(36)}`, hex(36)),
  key('PyPI token', 'pypi-', `AgEIcHlwaS5vcmc${mixed(60)}`),
  key('RubyGems key', 'rubygems_', hex(48)),
  key('Docker token', 'dckr_pat_', mixed(27)),
  sample('Docker configuration', `{"auths":{"registry":{"auth":"${mixed(40)}=="}}}`, mixed(40)),
  key('Atlassian token', 'ATATT3', `xFfGF0${mixed(60)}`),
  // Chat and mail
  key('Slack bot token', 'xoxb-', `123456789012-1234567890123-${mixed(24)}`),
  key('Slack app token', 'xapp-', `1-A1-${hex(64)}`),
  sample('Slack webhook', `POST https://hooks.slack.com/services/T0/B0/${mixed(24)} 404`, mixed(24)),
  sample('Discord webhook', `https://discord.com/api/webhooks/123456/${mixed(60)}`, mixed(60)),
  key('Telegram bot token', '12345678:AA', mixed(33)),
  key('SendGrid key', 'SG.', `${mixed(22)}.${mixed(43)}`),
  key('Mailgun key', 'key-', hex(32)),
  key('Mailchimp key', '', `${hex(32)}-us21`),
  key('Brevo key', 'xkeysib-', `${hex(64)}-${mixed(16)}`),
  sample('Twilio key', `TWILIO SK${hex(32)} refused`, hex(32)),
  sample('Twilio auth token', `TWILIO_AUTH_TOKEN=${hex(32)}`, hex(32)),
  // Payment and shops
  key('Stripe live key', 'sk_live_', mixed(24)),
  key('Stripe test key', 'sk_test_', mixed(24)),
  key('Stripe restricted key', 'rk_live_', mixed(24)),
  key('Square token', 'sq0atp-', mixed(22)),
  key('Shopify token', 'shpat_', hex(32)),
  key('Plaid token', 'access-production-', '9f3b7c1e-5a8d-4046-8b0c-9f3b7c1e5a8d'),
  // Language models
  key('OpenAI key', 'sk-', mixed(48)),
  key('OpenAI project key', 'sk-proj-', mixed(64)),
  sample('OpenAI error', `Incorrect API key provided: sk-proj-${mixed(40)}.`, mixed(40)),
  key('Anthropic key', 'sk-ant-', `api03-${mixed(90)}`),
  key('Hugging Face token', 'hf_', mixed(34)),
  key('Groq key', 'gsk_', mixed(52)),
  key('xAI key', 'xai-', mixed(80)),
  // Hosts, databases, operations
  key('DigitalOcean token', 'dop_v1_', hex(64)),
  key('Vault token', 'hvs.', mixed(90)),
  key('Databricks token', 'dapi', hex(32)),
  key('Terraform token', '', `${mixed(14)}.atlasv1.${mixed(60)}`),
  key('Grafana token', 'glsa_', `${mixed(32)}_${hex(8)}`),
  key('Sentry token', 'sntrys_', mixed(60)),
  key('PlanetScale password', 'pscale_pw_', mixed(32)),
  key('Tailscale key', 'tskey-auth-', `${mixed(12)}-${mixed(32)}`),
  // Tokens and headers
  sample('JSON Web Token', `jwt ${jwt} refused`, mixed(43)),
  sample('JSON Web Token in a name', `stored as tok_${jwt}`, mixed(43)),
  sample('bearer', `sent bearer ${mixed(20)} to it`, mixed(20)),
  sample('bearer after a refused word', `invalid token Bearer ${mixed(20)}`, mixed(20)),
  sample('bearer of words', `Bearer ${mixed(4)}.${mixed(6)}`, mixed(6)),
  sample('basic header', 'Authorization: Basic aHVudGVyMjpodW50ZXIy', 'aHVudGVy'),
  sample('digest header', 'Authorization: Digest username="ada", response="9f3b7c1e5a8d"', '9f3b7c'),
  sample('signed header', `authorization: AWS4-HMAC-SHA256 Credential=x, Signature=${hex(64)}`, hex(64)),
  sample('header in JSON', '{"headers":{"authorization":"Basic aHVudGVyMg=="}}', 'aHVudGVyMg'),
  sample('header of curl', `curl -H 'X-Api-Key: ${mixed(20)}' https://api.example.com`, mixed(20)),
  sample('cookie', `Cookie: theme=dark; sid=${mixed(20)}`, mixed(20)),
  sample('set-cookie', `set-cookie: sid=${mixed(20)}; HttpOnly`, mixed(20)),
  sample('set-cookie in JSON', `{"set-cookie":["a=${mixed(9)}","b=${mixed(12)}"]}`, mixed(9), mixed(12)),
  sample(
    'raw headers',
    JSON.stringify({ rawHeaders: ['Authorization', 'Token abc', 'Accept', '*/*'] }),
    'abc',
  ),
  sample('name and value', JSON.stringify({ name: 'x-auth-token', value: 'hunter2hunter2' }), 'hunter2'),
  // URLs and connection strings
  sample('PostgreSQL URL', 'connect to postgres://app:hunter2@db:5432/portal failed', 'hunter2'),
  sample('at in the password', 'postgres://u:p@ss@h:5432/portal refused', 'p@ss', 'ss@h'),
  sample('slash in the password', 'postgres://app:hun/ter2@db/portal', 'hun/', 'ter2'),
  sample('at and slash in the password', 'amqp://app:hu@n/ter2@mq/v', 'hu@', 'ter2'),
  sample('question mark in the password', 'mongodb+srv://app:hun?ter2@c0.mongodb.net', 'hun?', 'ter2'),
  sample('Redis URL without a user', 'redis://:hunter2@cache:6379 is away', 'hunter2'),
  sample('URLs in a row', 'nats://a:hunter2@h1:4222,nats://b:hunter3@h2:4222', 'hunter2', 'hunter3'),
  sample('SMTP URL', 'smtps://ada%40example.com:hun%40ter2@smtp.example.com:465', 'ter2'),
  sample('password that is a number', 'ftp://ada:12345@files.example.com', '12345'),
  sample('JDBC', 'jdbc:postgresql://db/portal?user=app&password=hunter2', 'hunter2'),
  sample('Oracle', 'jdbc:oracle:thin:scott/hunter2@//db:1521/x', 'hunter2'),
  sample('SQL Server', 'Server=db;User Id=app;Password=hunter;2x;Encrypt=true', 'hunter;2x'),
  sample('libpq', "could not connect: host=db user=app password='hunter 2' dbname=portal", 'hunter'),
  // Keys in files
  sample('private key', pem('RSA PRIVATE KEY', BODY), mixed(64), mixed(64, 3)),
  sample('SSH key', pem('OPENSSH PRIVATE KEY', BODY), mixed(64)),
  sample('encrypted key', pem('ENCRYPTED PRIVATE KEY', BODY), mixed(64)),
  sample('PGP key', pem('PGP PRIVATE KEY BLOCK', BODY), mixed(64)),
  sample('private key that was cut', `-----BEGIN PRIVATE KEY-----\n${mixed(60)}`, mixed(60)),
  sample('private key in JSON', JSON.stringify({ tls: pem('EC PRIVATE KEY', BODY) }), mixed(64)),
  sample('NATS user seed', `seed SU${base32(56)}`, base32(56)),
  sample('NATS account seed', `nkey: SA${base32(56)}`, base32(56)),
  sample(
    'NATS credentials',
    `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\nSU${base32(56)}\n------END USER NKEY SEED------`,
    mixed(43),
    base32(56),
  ),
  key('age key', 'AGE-SECRET-KEY-1', upper(58)),
  // Hashes of passwords
  key('bcrypt', '$2b$', `12$${mixed(53)}`),
  key('argon2', '$argon2id$', `v=19$m=65536,t=3,p=4$${mixed(22)}$${mixed(43)}`),
  key('SCRAM', 'SCRAM-SHA-256$', `4096:${mixed(22)}==$${mixed(43)}=:${mixed(43)}=`),
  // Names
  sample('password in words', 'login failed, password: hunter2222', 'hunter2222'),
  sample('API key in words', 'the API key: hunter2222 was refused', 'hunter2222'),
  sample('api_key', 'api_key: hunter2222', 'hunter2222'),
  sample('JSON', '{"user":"ada","password":"hun\\"ter2","n":1}', 'ter2'),
  sample('JSON in JSON', JSON.stringify({ body: JSON.stringify({ clientSecret: 'hunter"2222' }) }), '2222'),
  sample('JSON object', '{"credentials":{"user":"x}","code":"hunter2"},"n":1}', 'hunter2'),
  sample('JavaScript', "clientSecret: 'hunter 2'", 'hunter'),
  sample('quote inside of a word', "password: 'it's hunter2'", 'hunter2'),
  sample('YAML passphrase', 'db:\n  password: correct horse battery staple\n  pool: 5', 'horse', 'staple'),
  sample('YAML list', '- name: x\n  token: hunter2222', 'hunter2222'),
  sample('environment', 'DB_PASSWORD=hunter2,x;y exited with 1', 'hunter2', 'x;y'),
  sample('environment, short', 'PGPASSFILE= DB_PASS=hunter2', 'hunter2'),
  sample('query', '/login?user=ada&password=hunter2&x=1', 'hunter2'),
  sample('query of a key', 'GET /maps?key=hunter2222abc HTTP/1.1', 'hunter2222'),
  sample('OAuth code', 'GET /callback?code=hunter2222abc&state=1', 'hunter2222'),
  sample(
    'form',
    'grant_type=password&username=ada&password=hun%26ter2&client_secret=hunter3',
    'hun%26',
    'hunter3',
  ),
  sample('nested form', 'user[password]=hunter2&user[name]=ada', 'hunter2'),
  sample('encoded form', 'next=%2Flogin%3Fpassword%3Dhunter2', 'hunter2'),
  sample('hash of Ruby', '{:password=>"hunter2", "token" => "hunter3"}', 'hunter2', 'hunter3'),
  sample('flag', 'mysql --password hunter2 -u root', 'hunter2'),
  sample('flag with a sign', 'tool --api-key=hunter2222 run', 'hunter2222'),
  sample('user of curl', 'curl -u ada:hunter2 https://x.example', 'hunter2'),
  sample('SQL', "CREATE ROLE app LOGIN PASSWORD 'hunter2'", 'hunter2'),
  sample('.netrc', 'machine h login ada password hunter2', 'hunter2'),
  sample('XML', '<user>ada</user><password>hunter2</password>', 'hunter2'),
  sample('after an escaped line break', '{"out":"user ada\\npassword=hunter2\\ndone"}', 'hunter2'),
  // Cards and people
  sample('card with blanks', `card ${CARD.join(' ')} declined`, CARD.join(' ')),
  sample('card with hyphens', `card ${CARD.join('-')}`, CARD.join('-')),
  sample('card in one piece', `card=${CARD.join('')}.`, CARD.join('')),
  sample('card as a number', `{"number":${CARD.join('')}}`, CARD.join('')),
  sample('American Express', `charged ${['3782', '822463', '10005'].join(' ')}`, '822463'),
  sample('Mastercard', `charged ${['5555', '5555', '5555', '4444'].join('')}`, '55554444'),
  sample('mail address', 'no user ada.lovelace+x@example.co.uk here', 'lovelace'),
  sample('phone number', 'sms to +4915112345678 failed', '1511234'),
  sample('phone number with blanks', 'sms to +1 (555) 010-9999 failed', '010-9999'),
  sample('phone number of the USA', 'call 555-010-9999.', '010-9999'),
];

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Texts that must not be changed. */
export const NEAR_MISSES: readonly string[] = [
  // Ids
  'request req_0UQ3kZ1aB7dEfGhIjKlMnO failed',
  'partner par_0UQ3kZ1aB7dEfGhIjKlMnO',
  'ticket tic_0UQ3kZ1aB7dEfGhIjKlMnO was opened',
  'incident inc_0UQ3kZ1aB7dEfGhIjKlMnO',
  'session ses_0UQ3kZ1aB7dEfGhIjKlMnO ended',
  'session_id=ses_0UQ3kZ1aB7dEfGhIjKlMnO',
  '{"session_id":"ses_0UQ3kZ1aB7dEfGhIjKlMnO","n":1}',
  '{"api_key_id":"key_0UQ3kZ1aB7dEfGhIjKlMnO"}',
  'api_key_id: key_0UQ3kZ1aB7dEfGhIjKlMnO',
  '{"idempotency_key":"order-1"}',
  'idempotency key: order-1',
  `trace ${TRACE}`,
  `traceparent: 00-${TRACE}-00f067aa0ba902b7-01`,
  '019f68a5-3f34-4ced-97a9-42f7026ff744',
  'order 1700000000000 took 12 ms',
  'snowflake 1234567890123456789',
  'invoice 4242-4242-4242-4243',
  'order no_555-010-9999',
  'Twilio account AC9f3b7c1e5a8d2046fb0c9f3b7c1e5a8d',
  'message SM9f3b7c1e5a8d2046fb0c9f3b7c1e5a8d',
  'stripe evt_1NG8Du2eZvKYlo2CUI79vXWy pi_3MtwBwLkdIwHu7ix28a3tqPa',
  'publishable pk_live_is_no_secret',
  // Hashes, versions, files
  'commit 416a0ef5b3f34ced97a942f7026ff744019f68a5',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'dist/chunk-9f3b7c1e.js:1:20431',
  'graphql@4.3.3_@apollo+gateway@2.7.1',
  'at Client.query (/srv/node_modules/pg/lib/client.js:210:17)',
  'at Object.<anonymous> (node:internal/modules/esm/module_job:439:25)',
  'node_modules/@nestjs/common/index.js',
  'npm error code ERESOLVE @nestjs/common@12.5.1',
  'image gridworks/billing@sha256:9f86d081884c7d65',
  'PostgreSQL 18.7.0 (Debian 18.7-1.pgdg12+1)',
  '/var/lib/portal/tokens.db',
  'wrote /etc/portal/secrets.yaml',
  'getty@tty1.service entered failed state',
  'git@github.com:gridworks/portal.git',
  'C:\\Users\\ada\\password.txt',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  // Addresses and times
  'connect ECONNREFUSED 10.0.0.1:5432',
  'http://127.0.0.1:8080/v1/plans',
  'GET https://api.example.org:443/@scope/pkg failed with status code 503',
  'https://registry.npmjs.org/@nats-io/jetstream',
  'nats://nats-1:4222,nats://nats-2:4222',
  'postgres://db:5432/portal',
  '[2001:db8::1]:4222',
  '2026-11-25T13:01:33.123Z',
  'Wed, 25 Nov 2026 13:01:33 +0100',
  'took 123.456 ms, 99.9 %, p99 1234.5678',
  // Words
  'token bucket',
  'token bucket: 100 per second',
  'Unexpected token < in JSON at position 0',
  `Unexpected token 'h', "hello" is not valid JSON`,
  'password must have 12 characters',
  'password: must have 12 characters',
  'password: Too small: expected string to have >=12 characters',
  'password authentication failed for user "billing"',
  '{"password":null,"token":""}',
  'the secret is rotated every 30 days',
  'secret_name=db-main secret_version=3',
  'token_type=bearer&expires_in=3600',
  'max_tokens=4096 prompt_tokens: 512',
  'passed: 12, failed: 0',
  'pinned: true, spinner: dots, compass: north',
  'www-authenticate: Bearer realm="GridWorks Partner Portal"',
  'bearer authentication is needed',
  'Basic authentication-scheme is not supported',
  'cookies are not used here',
  'authentication: none',
  'auth: calls to postgres failed',
  'keyboard: qwertz; monkey: see; key: value',
  'primary key: id, foreign key: partner_id',
  'duplicate key value violates unique constraint "users_pkey"',
  'disk-pressure on task-runner, risk-assessment in ask-and-answer-2',
  'tokens used: 12, pass rate: 0.98',
  'author: Ada, authors: 2',
  'a=1 b=2 c=3',
  'x@y is no address',
  'subject rpc.auth.session.verify, consumer billing_record-errors',
];
