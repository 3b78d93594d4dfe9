import { type DnsServerHandle, eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { signUp } from './people.ts';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The page of the provisioning, with a directory that uses its token. */
export function provisioning(running: () => ConsoleUnderTest, dns: () => DnsServerHandle): void {
  it('makes a token, by which a directory provisions a person, and gives a group a role', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await signUp(page);
    const domain = `wind-${Date.now()}.com`;
    await page.goto('/settings/domains');
    await page.getByLabel('Domain', { exact: true }).fill(domain);
    await page.getByRole('button', { name: 'Add domain' }).click();
    const value = (await page.getByTitle(/^gridworks-domain-verification=/).textContent()) ?? '';
    dns().setTxt(`_gridworks-challenge.${domain}`, value);
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('●Verified').waitFor();

    await page.getByRole('link', { name: 'Provisioning', exact: true }).click();
    await page.waitForURL('**/settings/provisioning');
    await page.getByRole('button', { name: 'Create token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Okta');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const token = (await dialog.locator('code').first().textContent()) ?? '';
    expect(token).toMatch(/^pp_scim_[0-9A-Za-z]{36}$/);
    expect(await inaccessibleOn(page)).toEqual([]);
    await dialog.getByLabel('I have stored it').check();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText(`ends in ${token.slice(-4)}`).waitFor();

    const scim = async (method: string, path: string, body: object): Promise<{ id: string }> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
      const response = await fetch(`${running().url}/scim/v2${path}`, {
        method,
        headers,
        body: JSON.stringify(body),
      });
      expect(response.ok).toBe(true);
      return (await response.json()) as { id: string };
    };
    const grace = await scim('POST', '/Users', { userName: `grace@${domain}`, displayName: 'Grace' });
    const group = await scim('POST', '/Groups', { displayName: 'Wind team', members: [{ value: grace.id }] });
    await page.reload();
    await page.getByText('1 person provisioned, 1 of them members now').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.getByLabel('Role of Wind team').selectOption('billing');
    await page.getByText('The role of “Wind team” is set').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.goto('/team');
    await page.getByRole('row', { name: /Grace.*Billing/ }).waitFor();
    await scim('PATCH', `/Groups/${group.id}`, {
      schemas: [PATCH],
      Operations: [{ op: 'remove', path: `members[value eq "${grace.id}"]` }],
    });
    await page.reload();
    await page.getByRole('row', { name: /Grace.*Viewer/ }).waitFor();

    await page.goto('/settings/provisioning');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
    await page.getByText('◌revoked').waitFor();
    await eventually(async () => {
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${running().url}/scim/v2/Users`, { headers })).status).toBe(401);
    });
    await page.goto('/audit');
    for (const words of ['SCIM token revoked', 'Person provisioned', 'Role of a group set'])
      await page.getByRole('cell', { name: words }).first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
