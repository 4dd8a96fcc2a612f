'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { ProblemError, queryOf } from '@/lib/client/api'
import { runbookDraftKey } from '@/lib/runbooks/model'
import { keepEdited } from './editor-draft'
import type { FileData } from './types'

/** RollBack puts an older text into the editor, to be proposed like any other; a draft that is there is kept until then. */
export function RollBack({
  data,
  version,
}: {
  readonly data: FileData
  readonly version: number
}): ReactNode {
  const client = useQueryClient()
  const router = useRouter()
  const draft = useDraft(runbookDraftKey(data.path))
  const [state, setState] = useState<'asks' | 'busy' | 'failed' | undefined>(undefined)
  async function take(): Promise<void> {
    setState('busy')
    try {
      const { text } = await client.fetchQuery(queryOf('runbooks.version', { id: version }))
      draft.keep(keepEdited({ text, why: `Back to version ${version}: `, base: data.textHash }))
      router.push(`/runbooks/${data.slug}?view=edit`)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setState('failed')
    }
  }
  if (state === 'asks')
    return (
      <span className="flex flex-wrap items-center gap-2 text-12">
        You have a draft of this.
        <Button size="small" onClick={() => void take()}>
          Replace my draft
        </Button>
        <Button size="small" variant="quiet" onClick={() => setState(undefined)}>
          Keep it
        </Button>
      </span>
    )
  return (
    <>
      <Button
        size="small"
        busy={state === 'busy'}
        onClick={() => (draft.text === undefined ? void take() : setState('asks'))}
      >
        Roll back to this
      </Button>
      {state === 'failed' ? (
        <span role="alert" className="text-12 text-breach">
          It could not be read. Try again.
        </span>
      ) : null}
    </>
  )
}
