import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin, signUp } from './people.ts';

/** Fills the billing profile of an Indian company, chooses Growth, and opens its invoice. Returns the invoice's id. */
export async function chooseGrowth(page: Page): Promise<string> {
  await page.goto('/billing/profile');
  await page.getByLabel('Legal name').fill('Lakshmi Logistics LLP');
  await page.getByLabel('Street').fill('88 Brigade Road');
  await page.getByLabel('Postal code').fill('560001');
  await page.getByLabel('City').fill('Bengaluru');
  await page.getByLabel('Country').selectOption('IN');
  await page.getByLabel('GSTIN').fill('29AAPFU0939F1ZR');
  await page.getByLabel('Email').fill('accounts@lakshmi.example');
  await page.getByLabel('Currency').selectOption('INR');
  await page.getByLabel('Time zone').selectOption('Asia/Kolkata');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Billing profile saved').waitFor();
  await page.goto('/billing/plans');
  await page.getByText('₹4,900.00').waitFor();
  await page.getByRole('button', { name: 'Choose Growth' }).click();
  await page.getByRole('button', { name: 'Change and pay ₹5,782.00' }).click();
  await page.waitForURL('**/billing');
  await page.getByRole('link', { name: /^GW-/ }).first().click();
  await page.getByRole('heading', { level: 1, name: /^Invoice GW-/ }).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** From the first plan to a paid invoice. */
export function billing(running: () => ConsoleUnderTest): void {
  it('is told what a plan costs, chooses it, pays the invoice by transfer, and downloads it', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await signUp(page);
    await page.goto('/billing/plans');
    await page.getByRole('button', { name: 'Choose Growth' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('link', { name: 'Complete the profile' }).click();
    await page.waitForURL('**/billing/profile');

    const id = await chooseGrowth(page);
    await page.getByText('₹5,782.00 left to pay').waitFor();
    const number =
      (await page.getByRole('heading', { level: 1 }).textContent())?.replace('Invoice ', '') ?? '';
    expect(await page.getByRole('term').filter({ hasText: 'Reference' }).locator('+ dd').textContent()).toBe(
      number,
    );
    expect(await inaccessibleOn(page)).toEqual([]);

    const admin = await running().open({ reducedMotion: 'reduce' });
    await logInAsAdmin(admin.page, running());
    await admin.page.goto('/admin/billing');
    await admin.page.getByRole('table', { name: 'Invoices' }).getByRole('link', { name: number }).click();
    await admin.page.getByRole('button', { name: 'Record transfer' }).click();
    const transfer = admin.page.getByRole('dialog');
    expect(await transfer.getByLabel('Amount in INR').inputValue()).toBe('5782.00');
    await transfer.getByLabel('Reference').fill(`E2E-${id}`);
    await transfer.getByRole('button', { name: 'Record transfer' }).click();
    await admin.page.getByText('Nothing is left to pay').waitFor();
    expect(admin.faults).toEqual([]);

    await eventually(async () => {
      await page.reload();
      await page.getByText('Nothing is left to pay').waitFor({ timeout: 5000 });
    });
    await page.getByRole('definition').getByText(/Paid$/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download PDF' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${number}.pdf`);
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += (chunk as Buffer).toString('latin1');
    expect(text).toMatch(/^%PDF-1\.7[\s\S]*%%EOF\s*$/);
    await page.goto('/billing');
    await page.getByText('Growth', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);
  }, 180_000);

  it('lets an admin draft the next version of a plan, and offers it once it is published', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await logInAsAdmin(page, running());
    await page.goto('/admin/plans');
    const name = `Team ${Date.now()}`;
    await page.getByRole('button', { name: 'New plan' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('dialog').getByLabel('Id').fill(name.toLowerCase().replace(' ', '-'));
    await page.getByRole('button', { name: 'Draft plan' }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByLabel('Included calls').fill('1,000');
    await page.getByLabel('Fee').fill('12.345');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('More decimals than the currency has').waitFor();
    await page.getByLabel('Fee').fill('12.50');
    await page.getByLabel('Calls above the included').selectOption('graduated');
    await page.getByRole('button', { name: 'Add a tier' }).click();
    await page.getByLabel('Up to').first().fill('50000');
    await page.getByLabel('Price of one').first().fill('0.0002');
    await page.getByLabel('Price of one').last().fill('0.0001');
    await page.getByText('€0.0002 up to 50,000, €0.0001 above').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('Draft saved').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('button', { name: 'Draft next version' }).waitFor();
    const offered = (await (await fetch(`${running().url}/v1/plans`)).json()) as {
      data: { name: string; prices: { EUR: { recurring_amount: number; charges: object[] } } }[];
    };
    expect(offered.data.find((plan) => plan.name === name)?.prices.EUR).toMatchObject({
      recurring_amount: 1250,
      charges: [
        {
          included: 1000,
          price: { model: 'graduated', tiers: [{ up_to: 50_000, unit_amount: '0.02' }, { up_to: null }] },
        },
      ],
    });
    await page.getByRole('button', { name: 'Retire' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
    await page.getByText('Retired', { exact: false }).first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
