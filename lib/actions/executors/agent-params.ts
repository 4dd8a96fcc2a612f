import { z } from 'zod'
import type { Parsed } from '../executor'
import { INSTANCE_ID, PROGRAM_NAME } from './orders'

/** AgentStatusParams ask for one program, or for all when none is named. */
export type AgentStatusParams = { readonly instance: string; readonly program?: string | undefined }
/** AgentProgramParams name the program that is started or restarted. */
export type AgentProgramParams = { readonly instance: string; readonly program: string }
/** AgentEvidenceParams name the instance whose evidence is collected; it is the same whichever program is named. */
export type AgentEvidenceParams = { readonly instance: string; readonly program?: string | undefined }

/** AgentBounds lists the programs that may be named; the orders file of the instance narrows it further. */
export type AgentBounds = { readonly programs: readonly string[] }

const instance = z.string().regex(INSTANCE_ID, 'must be an instance’s id')

/** agentParamsOf gives the parsers of every order within the bounds of an installation. */
export function agentParamsOf(bounds: AgentBounds) {
  const program = z
    .string()
    .regex(PROGRAM_NAME, 'must be the name of a supervised program')
    .refine((name) => bounds.programs.includes(name), 'is not on the list of programs')
  const status = z.strictObject({ instance, program: program.optional() })
  const one = z.strictObject({ instance, program })
  return {
    status: (params: unknown): Parsed<AgentStatusParams> => parsed(status, params),
    program: (params: unknown): Parsed<AgentProgramParams> => parsed(one, params),
    evidence: (params: unknown): Parsed<AgentEvidenceParams> => parsed(status, params),
  }
}

function parsed<Params>(schema: z.ZodType<Params>, params: unknown): Parsed<Params> {
  const result = schema.safeParse(params)
  if (result.success) return { ok: true, params: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, issues }
}
