import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, type ParsedInputOf, runCheck } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { CheckJudge } from './check-judge.ts';
import { CheckRunner } from './check-runner.ts';

@Controller()
export class RunCheckHandler {
  constructor(
    private readonly runner: CheckRunner,
    private readonly judge: CheckJudge,
  ) {}

  /** The run counts as any other. One that is under way is waited for instead of a second. */
  @HandleRequest(runCheck)
  async run({ name }: ParsedInputOf<typeof runCheck>): Promise<OutputOf<typeof runCheck>> {
    const run = await this.runner.run(name);
    return { object: 'check_run', run, check: this.judge.present(this.runner.entry(name), Date.now()) };
  }
}
