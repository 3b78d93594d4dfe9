import type { Page } from 'playwright-core';
import type { ConsoleUnderTest } from './console-under-test.ts';

let count = 0;

/** Signs a new partner up by the form, and waits for the first page. */
export async function signUp(page: Page): Promise<{ readonly email: string; readonly password: string }> {
  const person = { email: `ada-${Date.now()}-${count++}@example.com`, password: 'correct horse battery' };
  await page.goto('/signup');
  await page.getByLabel('Company').fill('Ada Energy');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/home');
  await page.getByRole('heading', { name: 'Ada Energy' }).waitFor();
  return person;
}

/** Logs in by the form. */
export async function logInByForm(
  page: Page,
  person: { readonly email: string; readonly password: string },
): Promise<void> {
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Logs out by the menu, and waits for the log-in page. */
export async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account and appearance' }).click();
  // Where a passkey logs the person in again at once, the page is left before the click is over.
  const left = page.waitForURL('**/login');
  await page.getByRole('button', { name: 'Log out' }).click();
  await left;
}

/** Logs in as the portal's first admin, and waits for the first page of admins. */
export async function logInAsAdmin(page: Page, running: ConsoleUnderTest): Promise<void> {
  await page.goto('/login');
  await logInByForm(page, running.portal.system.admin);
  await page.waitForURL('**/admin/healing');
}

/** Opens a ticket by the form. Returns its id. */
export async function sendTicket(page: Page, subject: string): Promise<string> {
  await page.goto('/support/new');
  await page.getByLabel('Subject').fill(subject);
  await page.getByLabel('What happened, and what did you expect?').fill('We expect to grow in spring.');
  await page.getByRole('button', { name: 'Send ticket' }).click();
  await page.getByRole('heading', { name: subject }).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}
