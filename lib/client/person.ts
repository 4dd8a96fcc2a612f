'use client'

/** PagePerson is whom the server made this page for. */
export type PagePerson = { readonly id: string; readonly handle: string }

let person: PagePerson | undefined
let leaving = false
const otherListeners = new Set<() => void>()

/** setPerson says for whom this page was made; a page keeps its person until it is loaded anew. */
export function setPerson(next: PagePerson): void {
  if (typeof window !== 'undefined') person = next
}

/** currentPerson is for whom this page was made, undefined before anybody signed in. */
export function currentPerson(): PagePerson | undefined {
  return person
}

/** leave says that this page is signing out: it waits for nothing but the answer to that. */
export function leave(): void {
  leaving = true
}

/** isLeaving tells whether this page is signing out. */
export function isLeaving(): boolean {
  return leaving
}

/** tellOtherPerson says that the server refused this page because somebody else is signed in now. */
export function tellOtherPerson(): void {
  for (const listener of otherListeners) listener()
}

/** onOtherPerson calls back once somebody else has signed in with this browser. */
export function onOtherPerson(listener: () => void): () => void {
  otherListeners.add(listener)
  return () => otherListeners.delete(listener)
}
