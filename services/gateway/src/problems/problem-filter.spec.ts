import { AppError, INTERNAL } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { type ErrorCapture, ErrorReporter, processEnvironment } from '@gridworks/resilience';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadRequestException, Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ProblemFilter } from './problem-filter.ts';

@Controller()
class FailingController {
  @Get('bug')
  bug(): void {
    throw new TypeError('no such thing');
  }
  @Get('answered')
  responded(): void {
    throw new AppError(INTERNAL);
  }
  @Get('mistake')
  mistake(): void {
    throw new BadRequestException();
  }
}

describe('errors that leave over HTTP', () => {
  let app: NestFastifyApplication;
  const captures: ErrorCapture[] = [];
  const reporter = new ErrorReporter({ sink: async (batch) => void captures.push(...batch) });

  beforeAll(async () => {
    const module = await Test.createTestingModule({ controllers: [FailingController] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    const logger = createLogger({ service: 'gateway', instance: 'gateway', level: 'silent' });
    app.useGlobalFilters(new ProblemFilter(logger, { sendNotFound: () => false }));
    processEnvironment.reporter = reporter;
    await app.init();
  });
  afterAll(async () => {
    processEnvironment.reporter = null;
    await app.close();
  });
  const request = async (url: string) => (await app.inject({ method: 'GET', url })).statusCode;

  it('are reported when they were made here, and only then', async () => {
    expect([await request('/bug'), await request('/answered'), await request('/mistake')]).toEqual([
      500, 500, 400,
    ]);
    await reporter.flush();
    expect(captures).toMatchObject([
      { source: 'gateway.http', category: 'runtime', count: 1, healed: 0, error: { name: 'TypeError' } },
    ]);
  });
});
