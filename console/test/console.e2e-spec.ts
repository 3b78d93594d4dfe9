import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { applications } from './applications.ts';
import { checks } from './checks.ts';
import { ConsoleUnderTest } from './console-under-test.ts';
import { databaseIndexes } from './database-indexes.ts';
import { deadLetters } from './dead-letters.ts';
import { explore } from './explore.ts';
import { healing } from './healing.ts';
import { looks } from './looks.ts';
import { overview } from './overview.ts';
import { recovery } from './recovery.ts';
import { secondFactors } from './second-factors.ts';
import { team } from './team.ts';
import { visitor } from './visitor.ts';
import { walk } from './walk.ts';

/** One portal and one browser for all tests: their start takes longer than most tests. */
describe('the console, served by a running portal', () => {
  let console_: ConsoleUnderTest;
  const running = () => console_;
  beforeAll(async () => {
    console_ = await ConsoleUnderTest.start();
  }, 240_000);
  afterAll(() => console_?.stop(), 60_000);

  describe('a test of its own pages', () => {
    afterEach(() => console_.closePages());
    describe('healing', () => healing(running));
    describe('overview', () => overview(running));
    describe('the API explorer', () => explore(running));
    describe('a visitor', () => visitor(running));
    describe('a person', () => walk(running));
    describe('a team', () => team(running));
    describe('applications', () => applications(running));
    describe('second factors', () => secondFactors(running));
    describe('recovery', () => recovery(running));
    describe('dead letters', () => deadLetters(running));
    describe('suggested indexes', () => databaseIndexes(running));
    describe('checks', () => checks(running));
  });
  describe('every page', () => looks(running));
});
