import { HandleRequest } from '@gridworks/bus';
import { getSystemHealth } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import type { SystemHealth } from '../health/system-health.ts';
import { WatchLoop } from './watch-loop.ts';

@Controller()
export class GetSystemHealthHandler {
  constructor(private readonly loop: WatchLoop) {}

  /** Responds from memory, whatever else is away. */
  @HandleRequest(getSystemHealth)
  async get(): Promise<SystemHealth> {
    return this.loop.health();
  }
}
