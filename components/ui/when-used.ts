'use client'

const SIGNS_OF_USE = ['pointermove', 'pointerdown', 'keydown'] as const

/** whenUsed does `work` once, at the first sign that somebody uses the page, after `latestMs` at the latest; gives how to call it off. */
export function whenUsed(work: () => void, latestMs: number): () => void {
  const stop = (): void => {
    clearTimeout(timer)
    for (const sign of SIGNS_OF_USE) window.removeEventListener(sign, go)
  }
  const go = (): void => {
    stop()
    work()
  }
  const timer = setTimeout(go, latestMs)
  for (const sign of SIGNS_OF_USE) window.addEventListener(sign, go, { passive: true })
  return stop
}
