import type { Policy } from './allowance.ts';

/** What is left under one policy: calls, and seconds until the window ends. */
export interface PolicyState {
  readonly name: string;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** `RateLimit-Policy`: all policies, `"burst";q=100;w=60,"daily";q=1000;w=86400`. */
export function renderPolicies(policies: readonly Policy[]): string {
  return policies
    .map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`)
    .join(',');
}

/** The policy that binds: the one with the fewest calls left; among equals the one with the latest reset. */
export function bindingPolicy(states: readonly PolicyState[]): PolicyState | undefined {
  let binding: PolicyState | undefined;
  for (const state of states) {
    if (
      !binding ||
      state.remaining < binding.remaining ||
      (state.remaining === binding.remaining && state.resetSeconds > binding.resetSeconds)
    )
      binding = state;
  }
  return binding;
}

/** `RateLimit`: the policy that binds, `"burst";r=50;t=30`. */
export function renderState(state: PolicyState): string {
  return `"${state.name}";r=${state.remaining};t=${state.resetSeconds}`;
}
