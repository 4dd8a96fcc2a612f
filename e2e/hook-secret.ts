import type { Page } from '@playwright/test'
import { expect, signIn } from './fixtures'

/** HookSecret lets a journey post alerts; `end` gives its place back, for no more than two are in force at a time. */
export type HookSecret = { readonly token: string; readonly end: () => Promise<void> }

/** makeHookSecret signs an administrator in and makes a secret for Alertmanager, as the page shows it once. */
export async function makeHookSecret(page: Page, use: string): Promise<HookSecret> {
  await signIn(page, 'sam', '/alerts?tab=senders')
  const sender = page.getByRole('region', { name: 'Alertmanager' })
  await sender.getByLabel('Where it is used').fill(use)
  await sender.getByRole('button', { name: 'Make a secret' }).click()
  const token = (await sender.getByRole('status').locator('pre').textContent())?.trim() ?? ''
  await sender.getByRole('button', { name: 'I have it' }).click()
  const secret = sender.getByRole('listitem').filter({ hasText: use })
  return {
    token,
    end: async () => {
      await secret.getByRole('button', { name: /^End/ }).click()
      await secret.getByRole('button', { name: 'End it now' }).click()
      await expect(secret).toHaveCount(0)
    },
  }
}
