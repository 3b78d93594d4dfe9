import type { RequestContract } from '@gridworks/contracts';
import type { z } from 'zod';

/** The part of the bus that outbox and inbox use. */
export interface EventBus {
  state(): 'connected' | 'disconnected' | 'closed';
  /** Resolves once the bus has stored the event. */
  publishRaw(subject: string, body: string, headers: Readonly<Record<string, string>>): Promise<unknown>;
  request<I extends z.ZodType, O extends z.ZodType>(
    contract: RequestContract<I, O>,
    input: z.input<I>,
  ): Promise<z.output<O>>;
}
