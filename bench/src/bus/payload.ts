import { newId } from '@gridworks/contracts';

/** One batch with one metered call: a small event of the real contract. */
export const usagePayload = () => ({
  records: [
    {
      id: newId('usage'),
      partner_id: 'par_000000000aaaaaaaaaaaaa',
      api_key_id: 'key_000000000aaaaaaaaaaaaa',
      operation: 'GET /v1/plans',
      status: 200,
      at: new Date().toISOString(),
    },
  ],
});

/** Runs `work` for 0..count-1 with so many under way at once; returns the rate per second. */
export async function rate(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const began = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return count / (Number(process.hrtime.bigint() - began) / 1e9);
}
