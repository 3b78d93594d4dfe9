import { KEY_MARKS } from './key-forms.ts';
import { NAME_MARKS } from './secret-names.ts';

/**
 * Texts of which at least one occurs in whatever a rule hides, in lower case and with 0 for every digit. The shorter
 * list is not the better one: a mark that occurs in everyday lines makes them dear.
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
  // Cards and phone numbers, in one piece and in groups.
  '0000000000000',
  ...[' ', '-', '  ', '--'].map((between) => `000${between}0000`),
  '000.000.0000',
  ...[' ', '-'].flatMap((between) => [
    `0${between}0${between}0${between}0`,
    `00${between}00${between}00${between}00`,
  ]),
  '+0',
];

/** Without those that hold another one. */
export const MARKS: readonly string[] = [...new Set(ALL)].filter(
  (mark) => !ALL.some((other) => other !== mark && mark.includes(other)),
);
