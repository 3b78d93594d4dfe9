import { type DnsServerHandle, startDns } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { applications } from './applications.ts';
import { audit } from './audit.ts';
import { billing } from './billing.ts';
import { checks } from './checks.ts';
import { ConsoleUnderTest } from './console-under-test.ts';
import { databaseIndexes } from './database-indexes.ts';
import { deadLetters } from './dead-letters.ts';
import { domains } from './domains.ts';
import { explore } from './explore.ts';
import { healing } from './healing.ts';
import { looks } from './looks.ts';
import { overview } from './overview.ts';
import { provisioning } from './provisioning.ts';
import { recovery } from './recovery.ts';
import { secondFactors } from './second-factors.ts';
import { team } from './team.ts';
import { visitor } from './visitor.ts';
import { walk } from './walk.ts';

/** One portal and one browser for all tests: their start takes longer than most tests. */
describe('the console, served by a running portal', () => {
  let console_: ConsoleUnderTest;
  let dns: DnsServerHandle;
  const running = () => console_;
  beforeAll(async () => {
    dns = await startDns();
    console_ = await ConsoleUnderTest.start({ AUTH_DNS_SERVERS: dns.address });
  }, 240_000);
  afterAll(async () => {
    await console_?.stop();
    await dns?.stop();
  }, 60_000);

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
    describe('domains', () => domains(running, () => dns));
    describe('provisioning', () => provisioning(running, () => dns));
    describe('billing', () => billing(running));
    describe('audit', () => audit(running));
    describe('recovery', () => recovery(running));
    describe('dead letters', () => deadLetters(running));
    describe('suggested indexes', () => databaseIndexes(running));
    describe('checks', () => checks(running));
  });
  describe('every page', () => looks(running));
});
