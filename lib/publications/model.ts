/** PUBLICATION_STATES are the states of a message on its way out; the last three are ends. */
export const PUBLICATION_STATES = ['waiting', 'holding', 'released', 'withdrawn', 'refused'] as const

/** PublicationState says where a message stands: waiting for another person, held for its undo, out, or ended. */
export type PublicationState = (typeof PUBLICATION_STATES)[number]

/** Standing is what the rules of a message's states read; `holdUntilMs` is epoch milliseconds. */
export type Standing = {
  readonly state: PublicationState
  readonly authorId: string
  readonly hash: string
  readonly holdUntilMs: number | undefined
}

/** Deed is what somebody (or the worker, `release`) does with a message at `nowMs`. */
export type Deed =
  | { readonly kind: 'approve'; readonly byId: string; readonly hash: string; readonly nowMs: number }
  | { readonly kind: 'refuse'; readonly byId: string; readonly nowMs: number }
  | { readonly kind: 'withdraw'; readonly byId: string; readonly nowMs: number }
  | { readonly kind: 'release'; readonly nowMs: number }

/** Move is the state after a deed, or why it may not be. */
export type Move =
  | { readonly ok: true; readonly to: PublicationState }
  | { readonly ok: false; readonly code: 'conflict' | 'forbidden'; readonly why: string }

const ENDED: Readonly<Record<'released' | 'withdrawn' | 'refused', string>> = {
  released: 'It is out already. Publish a correction.',
  withdrawn: 'It was withdrawn.',
  refused: 'It was refused.',
}

/** moveOf judges a deed by the rules P-STA of docs/rules/publications.md; it performs nothing. */
export function moveOf(standing: Standing, deed: Deed): Move {
  const { state } = standing
  if (state === 'released' || state === 'withdrawn' || state === 'refused')
    return { ok: false, code: 'conflict', why: ENDED[state] }
  switch (deed.kind) {
    case 'approve':
      return approval(standing, deed)
    case 'refuse':
      if (state !== 'waiting') return { ok: false, code: 'conflict', why: 'Nobody waits for an approval.' }
      if (deed.byId === standing.authorId)
        return { ok: false, code: 'forbidden', why: 'It is yours: withdraw it.' }
      return { ok: true, to: 'refused' }
    case 'withdraw':
      if (state === 'holding' && deed.nowMs >= (standing.holdUntilMs ?? 0))
        return { ok: false, code: 'conflict', why: 'It is on its way: publish a correction.' }
      return { ok: true, to: 'withdrawn' }
    case 'release':
      if (state !== 'holding') return { ok: false, code: 'conflict', why: 'It waits for an approval.' }
      if (deed.nowMs < (standing.holdUntilMs ?? Number.MAX_VALUE))
        return { ok: false, code: 'conflict', why: 'It may still be taken back.' }
      return { ok: true, to: 'released' }
  }
}

function approval(standing: Standing, deed: Extract<Deed, { kind: 'approve' }>): Move {
  if (standing.state !== 'waiting')
    return { ok: false, code: 'conflict', why: 'It is approved already, and on its way.' }
  if (deed.byId === standing.authorId)
    return { ok: false, code: 'forbidden', why: 'Another person approves what you wrote.' }
  if (deed.hash !== standing.hash)
    return { ok: false, code: 'conflict', why: 'It is not what you read: it was edited. Read it again.' }
  return { ok: true, to: 'holding' }
}
