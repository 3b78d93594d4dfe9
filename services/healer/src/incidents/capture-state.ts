import { timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';

/**
 * The severities, the worst last: all errors were healed; some were not but should end by themselves; a human
 * is needed.
 */
export const SEVERITIES = ['healed', 'passing', 'lasting'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The state of an incident of caught errors: everything that a healer needs to take it over. */
export const captureStateSchema = z.object({
  /** `<process>|<dependency or call site>`: errors of one group are one incident. */
  group: z.string(),
  dependency: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  /** Fingerprint of the error that set the severity. */
  culprit: z.string(),
  /** Occurrences, and how many of them were healed for the caller. */
  occurrences: z.number().int(),
  healed: z.number().int(),
  /** By kind of error; `by` is the strategy that healed, or was tried. */
  kinds: z.record(
    z.string(),
    z.object({ count: z.number().int(), healed: z.number().int(), by: z.string() }),
  ),
  /** Captures whose fingerprint has no place in `incident.errors`; they are only counted. */
  unlisted: z.number().int(),
  /** Ids of the last captures, so that a redelivered one is not counted again. */
  seen: z.array(z.string()),
  first_at: timestampSchema,
  last_at: timestampSchema,
  /** By the healer's clock: when the last error was received, and since when errors have not been healed. */
  received_at: timestampSchema,
  unhealed_since: timestampSchema.nullable(),
  /**
   * When the present severity was reached. The cause of the more severe error gets its time to be detected,
   * too.
   */
  worse_at: timestampSchema,
  /** `due`: a human must be mailed. `withheld`: the same error was mailed within a day. */
  mail: z.enum(['none', 'due', 'withheld']),
});
export type CaptureState = z.output<typeof captureStateSchema>;
