'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { toast } from '@/components/ui/toast-store'
import { ProblemError } from '@/lib/client/api'

/** Tags are the words under which a postmortem is kept; whoever may edit it changes them as one line of text. */
export function Tags({
  postmortemId,
  tags,
  mayEdit,
}: {
  readonly postmortemId: string
  readonly tags: readonly string[]
  readonly mayEdit: boolean
}): ReactNode {
  const client = useQueryClient()
  const [text, setText] = useState<string>()
  const [busy, setBusy] = useState(false)
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (text === undefined || busy) return
    setBusy(true)
    try {
      await runCommand('library.setTags', { postmortemId, tags: text.split(',') })
      setText(undefined)
      await client.invalidateQueries({
        predicate: (query) => /^(library|postmortems)\./.test(String(query.queryKey[0])),
      })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      toast({ tone: 'failed', text: error.problem.title, detail: error.problem.detail })
    } finally {
      setBusy(false)
    }
  }
  if (text !== undefined)
    return (
      <form onSubmit={(event) => void save(event)} className="flex flex-wrap items-center gap-2">
        <Input
          aria-label="Tags, separated by commas"
          className="max-w-96"
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" size="small" busy={busy}>
          Save tags
        </Button>
        <Button size="small" variant="quiet" onClick={() => setText(undefined)}>
          Leave them
        </Button>
      </form>
    )
  return (
    <p className="flex flex-wrap items-center gap-2">
      {tags.map((tag) => (
        <Link key={tag} href={`/postmortems?tag=${encodeURIComponent(tag)}`} className="hover:underline">
          <Chip>{tag}</Chip>
        </Link>
      ))}
      {mayEdit ? (
        <Button size="small" variant="quiet" onClick={() => setText(tags.join(', '))}>
          {tags.length === 0 ? 'Add tags' : 'Change tags'}
        </Button>
      ) : null}
    </p>
  )
}
