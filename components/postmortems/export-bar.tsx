'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { PlainLinkButton } from '@/components/ui/plain-link-button'
import { queryUrl } from '@/lib/client/api'
import type { PostmortemData } from './types'

const PublicDialog = later(() => import('./public-dialog').then((module) => module.PublicDialog))

/** ExportBar gives the document as Markdown, JSON or paper, and shows what customers may read of it. */
export function ExportBar({ postmortem }: { readonly postmortem: PostmortemData }): ReactNode {
  const [isPublic, setPublic] = useState(false)
  const { number, name } = postmortem
  const file = name.toLowerCase()
  return (
    <div className="flex flex-wrap gap-2">
      <PlainLinkButton
        size="small"
        href={queryUrl('postmortems.export', { number, format: 'markdown' })}
        download={`${file}.md`}
      >
        Markdown
      </PlainLinkButton>
      <Button size="small" onClick={() => window.print()}>
        PDF
      </Button>
      <PlainLinkButton
        size="small"
        href={queryUrl('postmortems.export', { number, format: 'json' })}
        download={`${file}.json`}
      >
        JSON
      </PlainLinkButton>
      <Button size="small" onClick={() => setPublic(true)}>
        Public version
      </Button>
      {isPublic ? <PublicDialog number={number} onClose={() => setPublic(false)} /> : null}
    </div>
  )
}
