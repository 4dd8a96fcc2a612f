import type { ReactNode } from 'react'
import type { Problem } from '@/lib/platform/errors'

/** ProblemLine says what was refused and why. */
export function ProblemLine({ problem }: { readonly problem: Problem | undefined }): ReactNode {
  if (problem === undefined) return null
  return (
    <p role="alert" className="text-13 break-words text-breach">
      {problem.detail ?? problem.title}
    </p>
  )
}
