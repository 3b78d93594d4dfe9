import { Bus } from '@gridworks/bus';
import { Database } from '@gridworks/persistence';
import { Test } from '@nestjs/testing';
import { HealerModule } from '../src/healer.module.ts';
import { PatternRepository } from '../src/patterns/pattern.repository.ts';

process.env.LOG_LEVEL ??= 'silent';

/** The healer's tables as the service has them, without a bus: nothing is sent from here. */
export async function openPatterns(url: string) {
  const globals = [{ provide: Bus, useValue: {} }];
  const module = await Test.createTestingModule({
    imports: [
      { module: class TestRuntime {}, global: true, providers: globals, exports: globals },
      HealerModule.persistence(url),
    ],
  }).compile();
  const database = module.get(Database);
  await database.whenReady();
  return { database, patterns: new PatternRepository(database) };
}
