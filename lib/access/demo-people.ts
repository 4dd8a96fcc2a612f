import type { Env } from '../platform/env'
import type { Role } from './permissions'

/** DemoPerson is somebody of the invented team that the simulated installation comes with. */
export type DemoPerson = {
  readonly handle: string
  readonly name: string
  readonly email: string
  readonly title: string
  readonly does: string
  readonly roles: readonly Role[]
}

/** DEMO_PEOPLE hold every role between them, in the order of the keys 1 to 7 on the sign-in page. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    handle: 'ana',
    name: 'Ana Ruiz',
    email: 'ana@northlight.example',
    title: 'Incident commander',
    does: 'declares, decides, publishes',
    roles: ['commander'],
  },
  {
    handle: 'li',
    name: 'Li Wen',
    email: 'li@northlight.example',
    title: 'Operations engineer',
    does: 'answers alerts, tests sources',
    roles: ['responder'],
  },
  {
    handle: 'bo',
    name: 'Bo Lindqvist',
    email: 'bo@northlight.example',
    title: 'Scribe, communications',
    does: 'keeps the record, writes updates',
    roles: ['comms', 'responder'],
  },
  {
    handle: 'raj',
    name: 'Raj Mehta',
    email: 'raj@northlight.example',
    title: 'Manager',
    does: 'approves, reads the audit trail',
    roles: ['manager'],
  },
  {
    handle: 'mei',
    name: 'Mei Tan',
    email: 'mei@northlight.example',
    title: 'Viewer',
    does: 'reads everything but secrets',
    roles: ['viewer'],
  },
  {
    handle: 'noa',
    name: 'Noa Adler',
    email: 'noa@northlight.example',
    title: 'Reviewer',
    does: 'reviews changes and the record',
    roles: ['reviewer'],
  },
  {
    handle: 'sam',
    name: 'Sam Okoye',
    email: 'sam@northlight.example',
    title: 'Administrator',
    does: 'people, keys and connections',
    roles: ['admin'],
  },
]

/** isDemoSignInOpen: signing in as a demo person without a password needs the simulated world and the explicit switch. */
export function isDemoSignInOpen(
  env: Pick<Env, 'WATCHFLOOR_SIMULATED' | 'WATCHFLOOR_DEMO_SIGN_IN'>,
): boolean {
  return env.WATCHFLOOR_SIMULATED && env.WATCHFLOOR_DEMO_SIGN_IN
}

/** demoPersonOf finds a demo person by handle; `.example` addresses can belong to no real person (RFC 2606). */
export function demoPersonOf(handle: string | undefined): DemoPerson | undefined {
  return DEMO_PEOPLE.find((person) => person.handle === handle)
}
