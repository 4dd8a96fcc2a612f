import { readFileSync } from 'node:fs'

/** Handle names a demo person; each holds another role. */
export type Handle = 'ana' | 'li' | 'bo' | 'raj' | 'mei' | 'noa' | 'sam'

type DemoPerson = { readonly name: string; readonly email: string; readonly password: string }

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: run the journeys with node scripts/e2e.mjs`)
  return value
}

/** personOf gives the name, address and password that this installation's seed made for a demo person. */
export function personOf(handle: Handle): DemoPerson {
  const people = JSON.parse(readFileSync(required('E2E_PEOPLE'), 'utf8')) as readonly DemoPerson[]
  const person = people.find(({ email }) => email.startsWith(`${handle}@`))
  if (person === undefined) throw new Error(`the seed made no ${handle}`)
  return person
}

/** simulatorUrl is where the simulated world of this run listens. */
export function simulatorUrl(): string {
  return required('E2E_SIMULATOR_URL')
}
