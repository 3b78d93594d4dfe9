import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { signUp } from './people.ts';

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

    const { client, admin } = running().portal;
    const transfer = { amount: 578_200, currency: 'INR', reference: `E2E-${id}` };
    const recorded = await client.call(`/v1/admin/invoices/${id}/payments`, {
      ...{ method: 'POST', token: admin, body: transfer, headers: { 'idempotency-key': id } },
    });
    expect(recorded.status).toBe(201);
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
}
