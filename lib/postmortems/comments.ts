import type { SectionKey } from './model'

/** COMMENT_LIMIT is the longest comment in characters; THREAD_LIMIT how many one document may have. */
export const COMMENT_LIMIT = 4_000
export const THREAD_LIMIT = 1_000

/** Comment is one remark on a section, or an answer to one. */
export type Comment = {
  readonly id: string
  /** seq counts the document's remarks, from 1. */
  readonly seq: number
  /** threadId is the id of the remark that it answers; its own for a first one. */
  readonly threadId: string
  readonly section: SectionKey
  /** quote is the passage that it speaks of; empty for the whole section. */
  readonly quote: string
  readonly text: string
  readonly by: string
  readonly atMs: number
  readonly mentions: readonly string[]
  readonly settledBy: string
  readonly settledAtMs: number | null
}

/** Thread is a remark with its answers, oldest first. */
export type Thread = {
  readonly id: string
  readonly section: SectionKey
  readonly quote: string
  readonly isOpen: boolean
  readonly settledBy: string
  readonly settledAtMs: number | null
  readonly comments: readonly Comment[]
}

/** mentionsIn gives the handles that a text calls, in lower case, each once; an address of mail calls nobody. */
export function mentionsIn(text: string): readonly string[] {
  const prose = text.replace(/`[^`\n]*`/g, ' ')
  const found = [...prose.matchAll(/(?<![\w@./])@([a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?)/gi)]
  return [...new Set(found.map((match) => (match[1] ?? '').toLowerCase()))]
}

/** threadsOf folds comments to threads in the order of their first remark; the first remark says whether one is settled. */
export function threadsOf(comments: readonly Comment[]): readonly Thread[] {
  const sorted = comments.toSorted((a, b) => a.seq - b.seq)
  return sorted
    .filter(({ id, threadId }) => id === threadId)
    .map((first) => ({
      id: first.id,
      section: first.section,
      quote: first.quote,
      isOpen: first.settledAtMs === null,
      settledBy: first.settledBy,
      settledAtMs: first.settledAtMs,
      comments: sorted.filter(({ threadId }) => threadId === first.id),
    }))
}

/** isCalled tells whether an open thread calls somebody who has not answered since. */
export function isCalled(thread: Thread, handle: string): boolean {
  if (!thread.isOpen) return false
  const last = thread.comments.findLastIndex(({ mentions }) => mentions.includes(handle.toLowerCase()))
  return last >= 0 && !thread.comments.slice(last + 1).some(({ by }) => by === handle)
}

/** isOrphan tells whether the passage that a thread speaks of is gone from its section. */
export function isOrphan(thread: Pick<Thread, 'quote'>, body: string): boolean {
  return thread.quote !== '' && !body.includes(thread.quote)
}
