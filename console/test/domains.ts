import { type DnsServerHandle, eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { signUp } from './people.ts';

/** The page of the domains, with a name server of the test. */
export function domains(running: () => ConsoleUnderTest, dns: () => DnsServerHandle): void {
  it('adds a domain, says what is missing, verifies it, and removes it', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await signUp(page);
    await page.getByRole('link', { name: 'Domains', exact: true }).click();
    await page.waitForURL('**/settings/domains');
    await page.getByText('No domain yet').waitFor();

    await page.getByLabel('Domain', { exact: true }).fill('gmail.com');
    await page.getByRole('button', { name: 'Add domain' }).click();
    await page.getByText('gives mailboxes to everybody').waitFor();
    const name = `ada-${Date.now()}.com`;
    await page.getByLabel('Domain', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Add domain' }).click();
    const item = page.getByRole('list', { name: 'Domains' }).getByRole('listitem');
    await item.getByText('Not verified yet').waitFor();
    expect(await page.getByLabel('Domain', { exact: true }).inputValue()).toBe('');

    await item.getByRole('button', { name: 'Verify now' }).click();
    await item.getByText('has no TXT record').waitFor();
    const value = (await item.getByTitle(/^gridworks-domain-verification=/).textContent()) ?? '';
    dns().setTxt(`_gridworks-challenge.${name}`, value);
    await item.getByRole('button', { name: 'Verify now' }).click();
    await item.getByText('●Verified').waitFor();
    expect(await item.getByText('has no TXT record').count()).toBe(0);
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);

    await item.getByRole('button', { name: `Remove ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove domain' }).click();
    await eventually(async () => expect(await item.count()).toBe(0));
    await page.goto('/audit');
    for (const words of ['Domain added', 'Domain verified', 'Domain removed'])
      await page.getByRole('cell', { name: words }).first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
