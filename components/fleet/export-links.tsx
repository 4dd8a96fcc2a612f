'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { buttonLook } from '@/components/ui/button-look'
import { healthStore } from '@/lib/client/health-store'
import { type ExportFormat, fleetUrl, setFile } from './export-url'

const FORMATS: readonly { readonly id: ExportFormat; readonly title: string }[] = [
  { id: 'csv', title: 'CSV' },
  { id: 'json', title: 'JSON' },
]

/** ExportLinks gives the set as a file: the whole fleet from the server, a narrowed set from what is on screen. */
export function ExportLinks({
  matches,
  count,
  isNarrowed,
}: {
  readonly matches: Uint8Array
  readonly count: number
  readonly isNarrowed: boolean
}): ReactNode {
  return (
    <>
      <p className="pb-3 text-ink-2">
        {isNarrowed ? 'The set on screen: ' : 'The whole fleet: '}
        {count.toLocaleString('en')} {count === 1 ? 'GPU' : 'GPUs'} with rating, reason, readings and their
        time. What is unknown stays empty.
      </p>
      <p className="flex gap-2">
        {FORMATS.map(({ id, title }) =>
          isNarrowed ? (
            <Button key={id} onClick={() => saveSet(matches, id)}>
              {title}
            </Button>
          ) : (
            <a key={id} className={buttonLook({})} href={fleetUrl(id)} download>
              {title}
            </a>
          ),
        )}
      </p>
    </>
  )
}

function saveSet(matches: Uint8Array, format: ExportFormat): void {
  const fleet = healthStore.fleet()
  if (!fleet) return
  const { name, blob } = setFile(fleet, matches, format)
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
