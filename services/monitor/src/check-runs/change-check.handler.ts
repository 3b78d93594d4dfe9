import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  type Check,
  type CheckDefinition,
  changeCheck,
  INVALID_INPUT,
  type ParsedInputOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { CheckJudge } from './check-judge.ts';
import { CheckRunner } from './check-runner.ts';
import { CheckSettingsRepository } from './check-settings.repository.ts';

type Input = ParsedInputOf<typeof changeCheck>;

const MAX_MUTE_MS = 30 * 86_400_000;

@Controller()
export class ChangeCheckHandler {
  constructor(
    private readonly runner: CheckRunner,
    private readonly judge: CheckJudge,
    private readonly settings: CheckSettingsRepository,
  ) {}

  /**
   * Members that are left out stay. The same change again has no effect. Throws `PLATFORM.INVALID_INPUT` with the
   * members that this check does not allow.
   */
  @HandleRequest(changeCheck)
  async change({ name, ...asked }: Input, call: CallContext): Promise<Check> {
    const { row } = this.runner.entry(name);
    const problems = problemsOf(asked, row, Date.now());
    if (problems.length > 0) throw new AppError(INVALID_INPUT, { problems });
    const { threshold, interval_ms, enabled, muted_until } = asked;
    await this.settings.change(
      name,
      {
        ...defined({ interval_ms, enabled, muted_until }),
        ...(threshold && { threshold: defined(threshold) }),
      },
      actorOf(call),
    );
    return this.judge.present(this.runner.entry(name), Date.now());
  }
}

/** What the contract cannot know: the bounds of this check. */
function problemsOf(
  { interval_ms, enabled, muted_until }: Omit<Input, 'name'>,
  { interval_bounds: { min_ms, max_ms }, can_be_muted }: CheckDefinition,
  now: number,
): { detail: string; pointer: string }[] {
  const problems: { detail: string; pointer: string }[] = [];
  const refuse = (pointer: string, detail: string) => problems.push({ detail, pointer });
  if (interval_ms !== undefined && (interval_ms < min_ms || interval_ms > max_ms))
    refuse('/interval_ms', `must be from ${min_ms} to ${max_ms}`);
  const blind = 'healing relies on this check: pause healing instead';
  if (enabled === false && !can_be_muted) refuse('/enabled', blind);
  if (!muted_until) return problems;
  const ahead = Date.parse(muted_until) - now;
  if (!can_be_muted) refuse('/muted_until', blind);
  else if (ahead <= 0 || ahead > MAX_MUTE_MS) refuse('/muted_until', 'must be within the next 30 days');
  return problems;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
