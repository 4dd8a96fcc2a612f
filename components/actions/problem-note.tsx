import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import type { Problem } from '@/lib/platform/errors'

/** ProblemNote says why something did not go through. */
export function ProblemNote({ problem }: { readonly problem: Problem | undefined }): ReactNode {
  if (problem === undefined) return null
  return (
    <p role="alert" className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-2 text-pretty">
      <StateMark mark="blocks" />
      {problem.detail}
    </p>
  )
}
