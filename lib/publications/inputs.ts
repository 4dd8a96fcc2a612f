import { z } from 'zod'
import { AUDIENCES, COMPONENT_STATES, STATUSES } from '../comms/model'
import { SAID, type SaidFacts } from './situation'

const TITLE_LIMIT = 255
const BODY_LIMIT = 25_000
const SAID_LIMIT = 300

/** storable makes a text that the database takes: no NUL, no half of a pair. */
function storable(text: string): string {
  return text
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim()
}

/** instant is an ISO instant of UTC. */
export const instant = z.iso.datetime('must be an instant such as 2026-11-18T02:50:00Z')

const line = z
  .string()
  .transform((text) => storable(text).replace(/\s*\n\s*/g, ' '))
  .pipe(z.string().min(1, 'must not be empty').max(TITLE_LIMIT, `at most ${TITLE_LIMIT} characters`))

const prose = z
  .string()
  .transform(storable)
  .pipe(z.string().min(1, 'must not be empty').max(BODY_LIMIT, `at most ${BODY_LIMIT} characters`))

/** reason is why somebody does something; empty where none is asked for. */
export const reason = z.string().max(500, 'at most 500 characters').transform(storable).default('')

/** components are what is said of components, each once. */
export const components = z
  .array(z.strictObject({ componentId: z.string().min(1).max(64), to: z.enum(COMPONENT_STATES) }))
  .max(100)
  .refine((list) => new Set(list.map((one) => one.componentId)).size === list.length, 'each component once')

/** told are the values that the facts of a text had when it was written. */
export const told = z.record(
  z.string().max(64),
  z.strictObject({ value: z.union([z.string().max(500), z.number(), z.null()]), asOf: z.string().max(40) }),
)

/** said are the facts that a person tells. */
export const said = z
  .strictObject(
    Object.fromEntries(Object.keys(SAID).map((id) => [id, z.string().max(SAID_LIMIT).optional()])) as Record<
      keyof typeof SAID,
      z.ZodOptional<z.ZodString>
    >,
  )
  .transform(
    (facts): SaidFacts =>
      Object.fromEntries(
        Object.entries(facts).flatMap(([id, value]) =>
          value === undefined || storable(value) === '' ? [] : [[id, storable(value)]],
        ),
      ),
  )

/** choices are what is picked for all audiences at once. */
export const choices = {
  status: z.enum(STATUSES).optional(),
  nextUpdateAt: instant.nullable().optional(),
  components: components.optional(),
}

/** text is what is said to one audience; its body may carry facts as `{{fact_id}}`. */
export const text = z.strictObject({
  audience: z.enum(AUDIENCES),
  title: line,
  body: prose,
  told: told.default({}),
  /** channelIds are where it goes; all channels of the audience when left out. */
  channelIds: z.array(z.string().min(1).max(64)).max(50).optional(),
  /** override is why findings that a second person may let pass should pass. */
  override: reason,
})

/** TextInput is what is said to one audience, parsed. */
export type TextInput = z.output<typeof text>

/** correction is what a correction says. */
export const correction = { title: line, body: prose, told: told.default({}), override: reason }
