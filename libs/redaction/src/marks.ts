import { KEY_MARKS } from './key-forms.ts';
import { NAME_MARKS } from './secret-names.ts';

/**
 * Texts of which at least one occurs in every secret that a rule hides, in lower case and with 0 for every
 * digit. A shorter list is not always better: a mark that occurs in ordinary lines makes those lines
 * expensive.
 */
const ALL = [
  ...NAME_MARKS,
  ...KEY_MARKS,
  '@',
  '-----begin ',
  'eyj',
  ...['bearer', 'basic', 'negotiate', 'apikey'].flatMap((scheme) => [
    `${scheme} `,
    `${scheme}\t`,
    `${scheme}%`,
  ]),
  'identified by',
  'private-token',
  '-u ',
  '--user ',
  'sshpass',
  'jdbc:oracle',
  ...['code', 'sig', 'signature', 'access', 'samlresponse'].flatMap((name) => [`?${name}=`, `&${name}=`]),
  'x-amz-signature',
  'x-goog-signature',
  // Cards and phone numbers, with and without separators.
  '0000000000000',
  ...[' ', '-', '  ', '--'].map((between) => `000${between}0000`),
  '000.000.0000',
  ...[' ', '-'].flatMap((between) => [
    `0${between}0${between}0${between}0`,
    `00${between}00${between}00${between}00`,
  ]),
  '+0',
];

/** The marks without those that contain another mark. */
export const MARKS: readonly string[] = [...new Set(ALL)].filter(
  (mark) => !ALL.some((other) => other !== mark && mark.includes(other)),
);
