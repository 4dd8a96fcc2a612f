'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast-store'
import { queryOf } from '@/lib/client/api'

/** PublicDialog shows what customers may read of a postmortem, and what was left out of it, with why. */
export function PublicDialog({
  number,
  onClose,
}: {
  readonly number: number
  readonly onClose: () => void
}): ReactNode {
  const query = useQuery(queryOf('postmortems.publicVersion', { number }))
  const data = query.data
  async function copy(): Promise<void> {
    if (data === undefined) return
    await navigator.clipboard.writeText(`${data.title}\n\n${data.body}`)
    toast({ tone: 'done', text: 'The text is copied.' })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Public version"
      footer={
        data === undefined ? undefined : (
          <Button variant="primary" onClick={() => void copy()}>
            Copy the text
          </Button>
        )
      }
    >
      {data === undefined ? (
        <p role="status" className="text-ink-2">
          {query.isError
            ? 'It could not be made. Close this and try again.'
            : 'Each sentence is being judged.'}
        </p>
      ) : (
        <>
          <p className="font-medium break-words">{data.title}</p>
          <p className="break-words whitespace-pre-wrap">{data.body}</p>
          <section aria-label="Left out">
            <h3 className="pb-1 text-13">
              {data.leftOut.length === 0
                ? 'Nothing was left out'
                : `${data.leftOut.length} ${data.leftOut.length === 1 ? 'sentence' : 'sentences'} left out`}
            </h3>
            <ul className="text-12 text-ink-2">
              {data.leftOut.map(({ text, rule, why }) => (
                <li key={`${rule} ${text}`} className="border-t py-1.5 break-words">
                  “{text}” · {rule}: {why}
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Dialog>
  )
}
