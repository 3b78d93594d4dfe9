import type { Page } from 'playwright-core';

let count = 0;

/** Signs a new partner up by the form, as a person does, and waits for the first page. */
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
  await page.getByRole('button', { name: 'Log in' }).click();
}
