import { REDACTED } from './redacted.ts';

/**
 * Secrets that are recognised by their form alone: the part that is kept, the part that is hidden, and a text
 * that occurs in each (see `marks.ts`).
 */
export interface KeyForm {
  readonly mark: string | null;
  /** Source of a regular expression; at most one group, which is kept. */
  readonly pattern: string;
}

/**
 * The start of a word. After an escape in a JSON text (`\
 * sk-...`) a new word starts.
 */
const START = '(?<!(?<!\\\\)[A-Za-z0-9])';

/**
 * A key of a provider: `prefix` is kept, so that a reader sees the kind of key. The expression has a lower
 * bound only and nothing after it, so a failed attempt has read at most `atLeast` characters.
 */
const key = (prefix: string, atLeast: number, characters = '[\\w-]', mark?: string): KeyForm => ({
  mark: mark ?? prefix.replaceAll('\\', '').toLowerCase(),
  pattern: `${START}(${prefix})${characters}{${atLeast},}`,
});
const HEX = '[0-9a-f]';
const ALNUM = '[A-Za-z0-9]';
const BASE64 = '[A-Za-z0-9+/]';

const KEY_FORMS: readonly KeyForm[] = [
  // The portal's own keys. The id of a session has exactly 22 characters, its token more.
  key('pp_live_', 4),
  key('pp_test_', 4),
  key('pp_scim_', 4),
  key('ses_', 23),
  key('cha_', 23),
  key('acs_', 23),
  key('whsec_', 8, '[A-Za-z0-9+/=_-]'),
  // NATS: seeds of operators, accounts, users, servers, clusters and curve keys.
  { mark: null, pattern: `${START}(S[AUNOCX])[A-Z2-7]{54,}` },
  // Amazon, Google, Microsoft
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => key(prefix, 12, '[A-Z0-9]')),
  key('ABSK', 40, '[A-Za-z0-9+/=]'),
  key('bedrock-api-key-', 16, '[A-Za-z0-9+/=_-]'),
  key('AIza', 20),
  key('ya29\\.', 20, '[\\w.-]', 'ya00.'),
  key('1//0', 20, '[\\w-]', '0//0'),
  key('GOCSPX-', 16),
  { mark: 'q~', pattern: String.raw`(?<![\w.~-])(?=[\w.~-]{0,4}[0-9]Q~)[\w.~-]{30,60}(?![\w.~-])` },
  { mark: 'jqqj00', pattern: `${START}[A-Za-z0-9]{40,60}JQQJ99[A-Za-z0-9]{10,40}` },
  { mark: 'azdo', pattern: `${START}[A-Za-z0-9]{70,80}AZDO[A-Za-z0-9]{4}` },
  { mark: '==', pattern: '(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==' },
  // Source and packages
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => key(prefix, 12, '[\\w.-]')),
  key('github_pat_', 8),
  ...['pat', 'dt', 'rt', 'rtr', 'cbt', 'ptt', 'ft', 'imt', 'agent', 'soat', 'oas', 'ffct', 'wt'].map((kind) =>
    key(`gl${kind}-`, 8, '[\\w.-]'),
  ),
  key('ATATT3', 20, '[\\w=-]', 'atatt0'),
  key('ATBB', 20, ALNUM),
  key('npm_', 12, ALNUM),
  key('pypi-', 32),
  key('rubygems_', 16, HEX),
  key('dckr_(?:pat|oat)_', 12, '[\\w-]', 'dckr_'),
  // Chat and mail
  ...['a', 'b', 'c', 'd', 'e', 'o', 'p', 'r', 's'].map((kind) =>
    key(`xox${kind}[-.]`, 8, '[\\w.%-]', `xox${kind}`),
  ),
  key('xapp-', 8),
  key('SG\\.', 16, '[\\w.-]'),
  key('xkeysib-', 16),
  key('xsmtpsib-', 16),
  key('key-', 32, HEX),
  { mark: '-us', pattern: String.raw`${START}[0-9a-f]{32}-us\d{1,2}(?!\w)` },
  { mark: ':aa', pattern: String.raw`${START}(\d{8,12}:)AA[\w-]{32,}` },
  { mark: null, pattern: `${START}(SK)${HEX}{32}(?![A-Za-z0-9])` },
  {
    mark: '/services/',
    pattern: String.raw`(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/)[\w/-]{8,}`,
  },
  { mark: 'webhooks/', pattern: String.raw`(discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/)[\w/-]{8,}` },
  { mark: 'webhook.office', pattern: String.raw`(webhook\.office\.com/webhookb2/)[\w@/-]{8,}` },
  // Payment and shops
  ...['sk', 'rk'].flatMap((kind) => ['live', 'test'].map((mode) => key(`${kind}_${mode}_`, 8))),
  key('rzp_(?:live|test)_secret_', 8, '[\\w-]', 'rzp_'),
  key('sq0(?:atp|csp)-', 16, '[\\w-]', 'sq0'),
  key('shp(?:at|ca|pa|ss|tka)_', 8, '[\\w-]', 'shp'),
  key('access-(?:sandbox|development|production)-', 16, '[\\w-]', 'access-'),
  key('access_token\\$(?:production|sandbox)\\$', 8, '[\\w$-]', 'access_token$'),
  key('EAAA', 40),
  // Language models
  ...['proj', 'svcacct', 'admin', 'ant', 'or'].map((kind) => key(`sk-${kind}-`, 8)),
  { mark: 'sk-', pattern: String.raw`${START}((?:sk|csk)-)(?=[\w-]{0,40}\d)[\w-]{16,}` },
  key('sk_', 40, HEX),
  key('hf_', 20, ALNUM),
  key('gsk_', 20, ALNUM),
  key('xai-', 20),
  key('pplx-', 20),
  key('r8_', 20, ALNUM, 'r0_'),
  key('nvapi-', 20),
  key('tvly-', 16),
  key('pcsk_', 20),
  key('lsv2_(?:pt|sk)_', 20, '[\\w-]', 'lsv0_'),
  key('tgp_v1_', 20, '[\\w-]', 'tgp_v0_'),
  key('fw_', 20, ALNUM),
  // Hosts, databases and operations
  key('do[opr]_v1_', 16, HEX, 'v0_'),
  key('HRKU-', 20),
  key('FlyV1 fm[12][ar]?_', 16, '[A-Za-z0-9+/=_,-]', 'flyv0'),
  key('nfp_', 16),
  ...[...'piakcr'].map((kind) => key(`vc${kind}_`, 20, ALNUM)),
  key('sbp_', 20, ALNUM),
  key('sb_secret_', 8),
  key('pscale_(?:tkn|pw|oauth)_', 16, '[\\w.-]', 'pscale_'),
  key('npg_', 10, ALNUM),
  key('dapi', 32, HEX),
  { mark: '.atlasv', pattern: `${START}[A-Za-z0-9]{14}[.](atlasv1)[.][\\w-]{40,}` },
  ...['s', 'b', 'r'].map((kind) => key(`hv${kind}\\.`, 20)),
  ...['pt', 'st', 'ct', 'sa', 'scim', 'audit'].map((kind) => key(`dp\\.${kind}\\.`, 16, '[\\w.-]')),
  key('ops_eyJ', 20),
  key('pul-', 32, HEX),
  ...['glsa_', 'glc_'].map((prefix) => key(prefix, 16, '[A-Za-z0-9+/=_]')),
  ...['NRAK-', 'NRJS-', 'NRII-'].map((prefix) => key(prefix, 16)),
  ...['sntrys_', 'sntryu_'].map((prefix) => key(prefix, 16, '[A-Za-z0-9+/=_]')),
  ...['phx_', 'phs_'].map((prefix) => key(prefix, 20)),
  ...['lin_api_', 'lin_oauth_'].map((prefix) => key(prefix, 16, ALNUM)),
  key('ntn_', 20, ALNUM),
  key('figd_', 16),
  key('sl\\.', 60),
  key('tskey-(?:auth|api|client|webhook|scim)-', 12, '[\\w-]', 'tskey-'),
  key('AGE-SECRET-KEY-1', 40, '[A-Z0-9]', 'age-secret-key-'),
  key('PMAK-', 20),
  key('dt0c01\\.', 20, '[\\w.]', 'dt0c00.'),
  // Hashes of passwords: a reader of a hash can try passwords against it without limit.
  key('\\$2[abxy]\\$', 50, '[A-Za-z0-9./$]', '$0'),
  key('\\$argon2(?:id|i|d)\\$', 20, '[A-Za-z0-9+/=,$]', '$argon0'),
  key('\\$[156y]\\$', 20, '[A-Za-z0-9./$=,]', '$'),
  key('SCRAM-SHA-(?:1|256|512)\\$', 20, '[A-Za-z0-9+/=:$]', 'scram-sha-'),
  key('scrypt\\$', 20, '[A-Za-z0-9+/=:,$]'),
  key('pbkdf2[\\w-]{0,20}\\$', 20, `${BASE64.slice(0, -1)}=.:,$]`, 'pbkdf0'),
];

/** The texts that `hasMark` searches for; all digits are one symbol there. */
export const KEY_MARKS: readonly string[] = KEY_FORMS.flatMap(({ mark }) =>
  mark === null ? [] : [mark.replaceAll(/\d/g, '0')],
);
/** Forms without a short mark: NATS seeds and Twilio's keys. */
export const UNMARKED_KEY = /S(?:[AUNOCX][A-Z2-7]{54}|K[0-9a-f]{32})/;

const ANY_KEY = new RegExp(KEY_FORMS.map(({ pattern }) => pattern).join('|'), 'g');

/** Hides keys that are recognised by their form, except for their prefix. */
export const hideKeys = (text: string): string =>
  text.replace(ANY_KEY, (_all, ...groups: unknown[]) => {
    // The groups are followed by the offset and the text.
    const kept = groups.slice(0, -2).find((group) => group !== undefined);
    return `${kept ?? ''}${REDACTED}`;
  });
