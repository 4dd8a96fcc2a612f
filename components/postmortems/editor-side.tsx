'use client'

import type { ReactNode } from 'react'
import type { PostmortemRecord, SectionKey } from '@/lib/postmortems/model'
import { CommentsPanel, type Remarked } from './comments-panel'
import type { DocumentData, Viewer } from './editor-types'
import { EvidenceTray } from './evidence-tray'
import { NodesPanel } from './nodes-panel'
import { ReviewPanel } from './review-panel'

/** EditorSide stands beside the sections: review, remarks, named questions of the triage, and the evidence tray. */
export function EditorSide({
  document,
  me,
  mayComment,
  begun,
  onBegun,
  onExplain,
}: {
  readonly document: DocumentData
  readonly me: Viewer
  readonly mayComment: boolean
  readonly begun: Remarked | undefined
  readonly onBegun: (next: Remarked | undefined) => void
  readonly onExplain?: (section: SectionKey, text: string) => void
}): ReactNode {
  return (
    <div className="grid grid-cols-1 gap-6">
      <ReviewPanel document={document} me={me} {...(onExplain === undefined ? {} : { onExplain })} />
      <CommentsPanel document={document} mayComment={mayComment} begun={begun} onBegun={onBegun} />
      <NodesPanel document={document} me={me} />
      <EvidenceTray number={document.number} record={document.record as PostmortemRecord} />
    </div>
  )
}
