'use client'

import { queryOf } from '@/lib/client/api'
import type { SectionKey } from '@/lib/postmortems/model'
import type { PostmortemView, SectionView } from '@/lib/postmortems/view'
import { readKept, sectionDraftKey, storedText, typedOver } from './editor-draft'
import { keepOwn, ownText } from './own-draft'

/** documentQuery asks for the document that is being written, with the rows of its timeline that decided its course. */
export function documentQuery(number: number) {
  return queryOf('postmortems.one', { number, rows: 'key' })
}

/** sectionOf gives a section of a document; an empty one where nobody has written. */
export function sectionOf(document: PostmortemView, key: SectionKey): SectionView {
  const found = document.sections.find((one) => one.key === key)
  return found ?? { key, body: '', version: 0, editedBy: '', editedAtMs: null }
}

/** appendToDraft puts a paragraph at the end of what stands in a section, as if it were typed. */
export function appendToDraft(document: PostmortemView, key: SectionKey, text: string): void {
  const draftKey = sectionDraftKey(document.id, key)
  const kept = readKept(ownText(draftKey))
  const section = sectionOf(document, key)
  const before = (kept?.text ?? section.body).trimEnd()
  const next = typedOver(before === '' ? text : `${before}\n\n${text}`, kept, section)
  keepOwn(draftKey, storedText(next))
}
