import { z } from 'zod'

const formula = z
  .strictObject({
    of: z.enum(['requests-failed', 'gpu-hours', 'minutes']),
    times: z.number().positive().max(1_000_000),
    because: z.string().min(1).max(300),
  })
  .nullable()
  .default(null)

/** postmortemsPolicySchema validates by which formulas users and revenue are estimated, and whose postmortem is proposed. */
export const postmortemsPolicySchema = z.strictObject({
  users: formula,
  revenueUsd: formula,
  /** proposeFor are the severities after which a postmortem is proposed when the incident is resolved. */
  proposeFor: z.array(z.enum(['P1', 'P2', 'P3', 'P4'])).default(['P1', 'P2']),
})

/** PostmortemsPolicy is the parsed policy of postmortems. */
export type PostmortemsPolicy = z.infer<typeof postmortemsPolicySchema>

/** DEFAULT_POSTMORTEMS_POLICY is what counts when no policy file says otherwise: no formula is made up. */
export const DEFAULT_POSTMORTEMS_POLICY: PostmortemsPolicy = postmortemsPolicySchema.parse({})
