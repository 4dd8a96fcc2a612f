import type { Finding } from '../comms/model'
import { AppError } from '../platform/errors'
import type { Judgement } from './compose'
import type { FactProblem } from './fact-check'

const FACT_RULES: Readonly<Record<FactProblem['kind'], string>> = {
  missing: 'P-FCT-01',
  old: 'P-FCT-02',
  changed: 'P-FCT-03',
  internal: 'P-FCT-04',
}

/** blocksOf gives the findings that stop a message, and whether a second person may let every one of them pass. */
export function blocksOf(findings: readonly Finding[]): {
  readonly blocks: readonly Finding[]
  readonly isOverridable: boolean
} {
  const blocks = findings.filter((one) => one.level === 'block')
  return { blocks, isOverridable: blocks.length > 0 && blocks.every((one) => one.isOverridable) }
}

/**
 * refuseJudged throws invalid with the ids of the rules when facts are gone, old, moved or leak, or when findings block
 * that nobody may let pass or that nobody gave a reason for.
 */
export function refuseJudged(audience: string, judgement: Judgement, override: string): void {
  const { blocks, isOverridable } = blocksOf(judgement.findings)
  const isLetPass = isOverridable && override !== ''
  if (judgement.facts.length === 0 && (blocks.length === 0 || isLetPass)) return
  const issues = [
    ...judgement.facts.map(({ kind, why }) => ({
      path: audience,
      message: `${FACT_RULES[kind]}: ${why}`,
    })),
    ...blocks.map(({ rule, why }) => ({ path: audience, message: `${rule}: ${why}` })),
  ]
  throw new AppError('invalid', sentenceOf(judgement, blocks.length, isOverridable), {
    issues,
    current: { audience, facts: judgement.facts, findings: judgement.findings },
  })
}

function sentenceOf({ facts }: Judgement, blocks: number, isOverridable: boolean): string {
  if (facts.length > 0)
    return 'The facts of this text are not what they were. Refresh them, look at the text, and publish again.'
  const many = blocks === 1 ? 'One finding blocks' : `${blocks} findings block`
  return isOverridable
    ? `${many} this message. Change the text, or say why a second person should let it pass.`
    : `${many} this message. Change the text.`
}
