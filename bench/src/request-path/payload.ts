/** The response that every peer's service creates for each request: a list of three plans, like ours. */
export const plans = () => ({
  object: 'list',
  url: '/v1/plans',
  has_more: false,
  data: ['free', 'growth', 'scale'].map((id, rank) => ({
    object: 'plan',
    id,
    name: id,
    currency: 'EUR',
    monthly_price: rank * 9900,
    included_calls: 10_000 * 10 ** rank,
    unit_price: '0.05',
    limits: { burst_per_minute: 600 * 10 ** rank, daily: 10_000 * 10 ** rank },
  })),
});

/** Prints the line that the bench waits for. */
export const announce = (port: number | null): void => {
  console.log(`listening ${port ?? 0}`);
};
