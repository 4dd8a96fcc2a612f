import type { CommsPolicy } from './policy'

/** Said is what the policy reads of a message: `isTemplate` when not a character of the drafted text was changed. */
export type Said = {
  readonly audience: keyof CommsPolicy['approvals']
  readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
  readonly status: 'investigating' | 'identified' | 'monitoring' | 'resolved'
  readonly isTemplate: boolean
  /** isFirst: this audience was told nothing of the incident before. */
  readonly isFirst: boolean
  readonly isCorrection: boolean
}

/** Approval says whether another person has to agree, and why in words. */
export type Approval = { readonly isNeeded: boolean; readonly why: string }

/** approvalOf applies the policy to a message; rules P-APR of docs/rules/publications.md. */
export function approvalOf(said: Said, policy: CommsPolicy): Approval {
  const mode = policy.approvals[said.audience][said.severity]
  switch (mode) {
    case 'never':
      return { isNeeded: false, why: 'Nobody needs to approve this.' }
    case 'always':
      return { isNeeded: true, why: `${said.severity} messages to this audience need a second person.` }
    case 'free-text':
      if (said.isTemplate && !said.isCorrection)
        return { isNeeded: false, why: 'The template’s own words are approved already.' }
      return { isNeeded: true, why: 'Changed text needs a second person.' }
    case 'after-first':
      if (said.isTemplate && said.isFirst && !said.isCorrection && said.status === 'investigating')
        return { isNeeded: false, why: 'The first post in the template’s own words is approved already.' }
      return {
        isNeeded: true,
        why: `${said.severity} messages to this audience need a second person after the first one.`,
      }
  }
}
