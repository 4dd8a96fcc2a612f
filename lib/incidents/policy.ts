import { z } from 'zod'
import { INCIDENT_ROLES, SEVERITIES } from './model'

const minutes = z.number().positive().max(10_080)
const wall = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "17:00"')
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as "2026-11-26"')

const zone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}, 'a time zone such as "America/Chicago"')

const teamSchema = z.strictObject({
  zone: zone.default('America/Chicago'),
  /** workdays count from 1 = Monday to 7 = Sunday. */
  workdays: z.array(z.number().int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5]),
  closesAt: wall.default('17:00'),
  holidays: z.array(day).default(['2026-11-26', '2026-11-27', '2026-12-25', '2027-01-01']),
})

const perSeverity = <T extends z.ZodType>(value: T) =>
  z.strictObject({ P1: value.optional(), P2: value.optional(), P3: value.optional(), P4: value.optional() })

const responseSchema = z.strictObject(
  Object.fromEntries(
    SEVERITIES.map((severity) => [severity, z.union([minutes, z.literal('next-business-day')])]),
  ) as Record<
    (typeof SEVERITIES)[number],
    z.ZodUnion<readonly [typeof minutes, z.ZodLiteral<'next-business-day'>]>
  >,
)

const cadence = z.union([minutes, z.literal('on-change')])
const cadenceSchema = z.strictObject({
  investigating: cadence,
  identified: cadence,
  monitoring: cadence,
})

const reasonSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  title: z.string().min(1).max(120),
})

/** incidentsPolicySchema validates the response clocks of incidents; an incident keeps the policy under which it was declared. */
export const incidentsPolicySchema = z.strictObject({
  team: teamSchema.prefault({}),
  responseMinutes: responseSchema.default({ P1: 15, P2: 60, P3: 240, P4: 'next-business-day' }),
  commanderMinutes: perSeverity(minutes).default({ P1: 10, P2: 20 }),
  firstPublicMinutes: perSeverity(minutes).default({ P1: 10, P2: 15, P3: 60 }),
  updateMinutes: perSeverity(cadenceSchema).default({
    P1: { investigating: 15, identified: 20, monitoring: 30 },
    P2: { investigating: 30, identified: 30, monitoring: 60 },
    P3: { investigating: 60, identified: 120, monitoring: 'on-change' },
    P4: { investigating: 'on-change', identified: 'on-change', monitoring: 'on-change' },
  }),
  /** onChangeMinutes is how long after a change of status an update is owed where the cadence says on-change. */
  onChangeMinutes: minutes.default(30),
  executiveMinutes: perSeverity(minutes).default({ P1: 30, P2: 60 }),
  handoverMinutes: minutes.default(5),
  requiredRoles: perSeverity(z.array(z.enum(INCIDENT_ROLES))).default({
    P1: ['commander', 'communications', 'scribe'],
    P2: ['commander', 'communications'],
    P3: ['commander'],
  }),
  rolesWithinMinutes: minutes.default(15),
  pauseReasons: z.array(reasonSchema).default([
    { id: 'provider', title: 'Waiting for the provider, nothing new to say' },
    { id: 'customer', title: 'Waiting for the customer who reported it' },
    { id: 'drill', title: 'The drill is held' },
  ]),
})

/** IncidentsPolicy is the parsed policy that the clocks take as an argument. */
export type IncidentsPolicy = z.infer<typeof incidentsPolicySchema>

/** DEFAULT_INCIDENTS_POLICY is what counts when no policy file says otherwise; equal to the shipped file. */
export const DEFAULT_INCIDENTS_POLICY: IncidentsPolicy = incidentsPolicySchema.parse({})
