import { HandleRequest } from '@gridworks/bus';
import { injectDemoFault, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DemoSessions } from './demo-sessions.ts';

@Controller()
export class InjectDemoFaultHandler {
  constructor(private readonly sessions: DemoSessions) {}

  @HandleRequest(injectDemoFault)
  async inject(input: ParsedInputOf<typeof injectDemoFault>): Promise<OutputOf<typeof injectDemoFault>> {
    const session = this.sessions.get(input.id);
    await session.break();
    return session.read();
  }
}
