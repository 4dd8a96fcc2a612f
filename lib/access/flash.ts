import { z } from 'zod'

/** FLASH_SECONDS is how long the sign-in page remembers a refused attempt. */
export const FLASH_SECONDS = 300

const shape = z.object({
  login: z.string().max(200),
  seconds: z.number().int().min(0).max(3_600).optional(),
  fault: z.string().max(200).optional(),
})

/** Flash is what the sign-in page needs after a refused attempt: kept in a cookie, never in the address. */
export type Flash = z.infer<typeof shape>

/** flashFrom reads the cookie's text; undefined for anything that the console did not write. */
export function flashFrom(text: string | undefined): Flash | undefined {
  try {
    return shape.safeParse(JSON.parse(text ?? '')).data
  } catch {
    return undefined
  }
}
