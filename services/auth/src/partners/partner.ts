import type { partnerSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A partner as the world sees it. */
export function presentPartner(partner: {
  id: string;
  name: string;
  createdAt: Date;
}): z.output<typeof partnerSchema> {
  return {
    object: 'partner',
    id: partner.id,
    name: partner.name,
    created_at: partner.createdAt.toISOString(),
  };
}
