import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import type { FileData, TreeReading } from './types'

/** Targets are questions and diagnoses that something leads to or rests on, each with its place. */
export function Targets({
  targets,
  homes,
}: {
  readonly targets: TreeReading['questions'][number]['yes']
  readonly homes: FileData['homes']
}): ReactNode {
  return targets.map((target, index) => (
    <span key={target.id} className="text-pretty">
      {index === 0 ? '' : ', '}
      {target.kind === 'clear' ? (
        <span className="text-ink-2">nothing is wrong here</span>
      ) : (
        <Link
          href={
            homes[target.id] === undefined ? `#${target.id}` : `/runbooks/${homes[target.id]}#${target.id}`
          }
          className="link"
        >
          {target.kind === 'leaf' ? <b className="font-medium">{target.words}</b> : target.words}
        </Link>
      )}
    </span>
  ))
}
