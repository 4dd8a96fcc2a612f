'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useId, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import type { CommandInput } from '@/lib/registry'
import { usePostmortemCommand } from './use-postmortem-command'

const SHOWN = 8

/** ImportButton takes an exported file; what does not fit its schema is said with its place. */
export function ImportButton(): ReactNode {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const router = useRouter()
  const { busy, problem, send } = usePostmortemCommand()
  const [unread, setUnread] = useState('')
  async function take(file: File | undefined): Promise<void> {
    setUnread('')
    if (file === undefined) return
    let document: CommandInput<'postmortems.import'>['document']
    try {
      document = JSON.parse(await file.text()) as typeof document
    } catch (error) {
      setUnread(`${file.name} is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`)
      return
    }
    const made = await send('postmortems.import', { document })
    if (made) router.push(`/postmortems/${made.number}`)
  }
  const issues = problem?.issues ?? []
  return (
    <div className="grid justify-items-end gap-1">
      <input
        ref={input}
        id={id}
        type="file"
        accept=".json,application/json"
        className="sr-only"
        tabIndex={-1}
        aria-label="File to import"
        onChange={(event) => {
          void take(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button size="small" busy={busy} onClick={() => input.current?.click()}>
        Import a file
      </Button>
      {unread === '' && problem === undefined ? null : (
        <div role="alert" className="max-w-96 text-12 break-words text-breach">
          <p>{unread === '' ? problem?.detail : unread}</p>
          <ul>
            {issues.slice(0, SHOWN).map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <span className="font-mono">{path}</span>: {message}
              </li>
            ))}
          </ul>
          {issues.length > SHOWN ? <p>and {issues.length - SHOWN} more</p> : null}
        </div>
      )}
    </div>
  )
}
