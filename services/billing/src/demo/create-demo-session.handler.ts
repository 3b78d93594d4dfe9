import { HandleRequest } from '@gridworks/bus';
import { createDemoSession, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DemoSessions } from './demo-sessions.ts';

@Controller()
export class CreateDemoSessionHandler {
  constructor(private readonly sessions: DemoSessions) {}

  @HandleRequest(createDemoSession)
  async create(input: ParsedInputOf<typeof createDemoSession>): Promise<OutputOf<typeof createDemoSession>> {
    return this.sessions.open(input.client_ip ?? '').read();
  }
}
