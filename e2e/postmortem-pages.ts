import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

/** does runs one command as whoever is signed in with this page, without drawing it. */
export async function does(
  page: Page,
  name: string,
  input: unknown,
): Promise<Readonly<Record<string, string>>> {
  const { baseURL: origin = '' } = test.info().project.use
  const answer = await page.request.post(`/api/commands/${name}`, {
    data: input,
    headers: { 'x-watchfloor-request': '1', 'idempotency-key': randomUUID(), origin },
  })
  expect(answer.ok(), `${name}: ${await answer.text()}`).toBe(true)
  return answer.json()
}

/** resolvedOutage lets an incident begin, be answered and end; gives its id and name. */
export async function resolvedOutage(
  page: Page,
  title: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const { id = '', name = '' } = await does(page, 'incidents.declare', {
    title,
    severity: 'P3',
    answer: true,
  })
  await does(page, 'incidents.addNote', {
    id,
    text: 'The EU gateway refuses new leases.',
    entryId: randomUUID(),
  })
  const at = await page.request.get(
    `/api/queries/incidents.byId?input=${encodeURIComponent(JSON.stringify({ ref: id }))}`,
  )
  const { version } = (await at.json()) as { readonly version: number }
  await does(page, 'incidents.setStatus', { id, version, to: 'resolved', waiver: 'a journey' })
  return { id, name }
}

/** draftedPostmortem drafts the postmortem of an outage that is over and gives its id and name. */
export async function draftedPostmortem(
  page: Page,
  title: string,
): Promise<{ readonly id: string; readonly name: string; readonly incidentId: string }> {
  const { id: incidentId } = await resolvedOutage(page, title)
  const { id = '', name = '' } = await does(page, 'postmortems.draft', { incidentId })
  return { id, name, incidentId }
}
