import { timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';

/** How bad it is, the worst last: all healed; not healed, but it passes by itself; a human must look. */
export const SEVERITIES = ['healed', 'passing', 'lasting'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where an incident of caught errors stands; everything that a healer which takes it over must know. */
export const captureStateSchema = z.object({
  /** `<process>|<dependency or call site>`: errors of one group are one incident. */
  group: z.string(),
  dependency: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  /** Fingerprint of what made it so bad. */
  culprit: z.string(),
  /** Occurrences, and how many of them ended well for the caller. */
  occurrences: z.number().int(),
  healed: z.number().int(),
  /** By kind of error; `by` is the strategy that healed, or was tried. */
  kinds: z.record(
    z.string(),
    z.object({ count: z.number().int(), healed: z.number().int(), by: z.string() }),
  ),
  /** Captures whose fingerprint has no place in `incident.errors`; they are only counted. */
  unlisted: z.number().int(),
  /** Ids of the last captures, so that one which is delivered again is not counted again. */
  seen: z.array(z.string()),
  first_at: timestampSchema,
  last_at: timestampSchema,
  /** By the healer's clock: the last that was heard of it, and since when it has not been healed. */
  received_at: timestampSchema,
  unhealed_since: timestampSchema.nullable(),
  /** Since when it is as bad as it is; a cause behind that gets its time to show itself, too. */
  worse_at: timestampSchema,
  /** `due`: a human must be asked. `withheld`: the same error was mailed within a day. */
  mail: z.enum(['none', 'due', 'withheld']),
});
export type CaptureState = z.output<typeof captureStateSchema>;
