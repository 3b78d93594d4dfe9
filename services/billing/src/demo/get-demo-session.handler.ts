import { HandleRequest } from '@gridworks/bus';
import { getDemoSession, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DemoSessions } from './demo-sessions.ts';

@Controller()
export class GetDemoSessionHandler {
  constructor(private readonly sessions: DemoSessions) {}

  @HandleRequest(getDemoSession)
  async get(input: ParsedInputOf<typeof getDemoSession>): Promise<OutputOf<typeof getDemoSession>> {
    return this.sessions.get(input.id).read();
  }
}
