import type { partnerSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `partners`. */
export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
}

/** A partner as responses show it. */
export function presentPartner({ id, name, created_at }: Partner): z.output<typeof partnerSchema> {
  return { object: 'partner', id, name, created_at: created_at.toISOString() };
}
