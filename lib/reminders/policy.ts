import { z } from 'zod'

const minutes = z.number().min(0).max(240)

/** remindersPolicySchema validates how many minutes before and after a promised update each step follows. */
export const remindersPolicySchema = z.strictObject({
  /** nudgeMinutesBefore is when the commander is nudged in private. */
  nudgeMinutesBefore: minutes.default(5),
  mentionMinutesAfter: minutes.default(0),
  pageMinutesAfter: minutes.default(5),
  publicMinutesAfter: minutes.default(10),
})

/** RemindersPolicy says when each step of a missed promise follows. */
export type RemindersPolicy = z.infer<typeof remindersPolicySchema>

/** DEFAULT_REMINDERS_POLICY is nudge at −5, mention at 0, page at +5, the public line at +10 minutes. */
export const DEFAULT_REMINDERS_POLICY: RemindersPolicy = remindersPolicySchema.parse({})
