import type { Page } from 'playwright-core';

/**
 * A device inside the browser that keeps passkeys and verifies its person without asking. The result makes the person stop
 * or begin to confirm what the browser asks.
 */
export async function addDevice(page: Page): Promise<(confirms: boolean) => Promise<unknown>> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return (enabled) => session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
}

/** Adds a passkey of the device on the page Security. Returns the recovery codes, which come with the first second factor. */
export async function addPasskey(page: Page, name: string): Promise<string[]> {
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  const codes = await storeCodes(page);
  await page.getByRole('cell', { name, exact: true }).waitFor();
  return codes;
}

/** Confirms the dialog with the recovery codes. */
export async function storeCodes(page: Page): Promise<string[]> {
  const dialog = page.getByRole('dialog', { name: 'Your recovery codes' });
  // `allInnerTexts` waits for nothing.
  await dialog.getByRole('listitem').first().waitFor();
  const codes = await dialog.getByRole('listitem').allInnerTexts();
  await dialog.getByLabel('I have stored them').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  return codes;
}
