'use client'

export type Toast = {
  readonly id: number
  readonly tone: 'done' | 'failed'
  readonly text: string
  readonly detail?: string
}

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function publish(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** toast tells the outcome of something that the person did; failures stay until dismissed. */
export function toast(message: Omit<Toast, 'id'>): void {
  const id = nextId
  nextId += 1
  publish([...toasts.slice(-3), { ...message, id }])
  if (message.tone === 'done') setTimeout(() => dismissToast(id), 6000)
}

/** dismissToast takes one message away; an unknown id does nothing. */
export function dismissToast(id: number): void {
  if (toasts.some((entry) => entry.id === id)) publish(toasts.filter((entry) => entry.id !== id))
}

/** currentToasts is the list on screen; the same list object until it changes. */
export function currentToasts(): readonly Toast[] {
  return toasts
}

/** subscribeToasts calls the listener at each change and returns the way to stop. */
export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
