import type { ReactNode } from 'react'
import type { Problem } from '@/lib/platform/errors'
import { Button } from './button'

/** ProblemLine says what was refused and why. */
export function ProblemLine({ problem }: { readonly problem: Problem | undefined }): ReactNode {
  if (problem === undefined) return null
  return (
    <p role="alert" className="text-13 break-words text-breach">
      {problem.detail ?? problem.title}
    </p>
  )
}

/** DialogFoot ends a dialog with one question: what was refused last, the way out, and the deed with what it waits for. */
export function DialogFoot({
  problem,
  deed,
  busy,
  waitsFor,
  onClose,
}: {
  readonly problem: Problem | undefined
  readonly deed: string
  readonly busy: boolean
  readonly waitsFor?: string | undefined
  readonly onClose: () => void
}): ReactNode {
  return (
    <>
      <ProblemLine problem={problem} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary" busy={busy} {...(waitsFor === undefined ? {} : { waitsFor })}>
          {deed}
        </Button>
      </div>
    </>
  )
}
