'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { ProblemError } from '@/lib/client/api'
import { DiffView } from './diff-view'
import type { FileData } from './types'

/** FileAgain shows what the file says under the edit that stands over it, and proposes that the file counts again. */
export function FileAgain({ data }: { readonly data: FileData }): ReactNode {
  const router = useRouter()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  async function send(): Promise<void> {
    setBusy(true)
    try {
      const { proposalId } = await runCommand('runbooks.propose', {
        path: data.path,
        kind: 'file',
        baseHash: data.textHash,
        why,
      })
      router.push(`/runbooks/${data.slug}?proposal=${proposalId}`)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.problem.detail)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section aria-label="The file beside what counts" className="grid gap-3">
      <h2 className="text-16">What counts is not what the file says</h2>
      <DiffView left={data.text} right={data.fileText ?? ''} label="What counts, and the file" />
      <div className="flex max-w-3xl flex-wrap items-end gap-3">
        <Field
          label="Why the file should count again"
          className="min-w-64 flex-1"
          {...(problem === undefined ? {} : { error: problem })}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          )}
        </Field>
        <Button
          busy={busy}
          {...(why.trim().length >= 3 ? {} : { waitsFor: 'say why' })}
          onClick={() => void send()}
        >
          Propose that the file counts
        </Button>
      </div>
    </section>
  )
}
