'use client'

const LONGEST_WAIT_MS = 3_000

let typed = ''
let stop: (() => void) | undefined

function gather(event: KeyboardEvent): void {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return
  if (event.key === 'Backspace') typed = typed.slice(0, -1)
  else if (event.key.length === 1) typed += event.key
  else return
  event.preventDefault()
  event.stopPropagation()
}

/** typeAhead gathers the letters typed from now until they are taken, so that a field still on its way gets them all. */
export function typeAhead(): void {
  stop?.()
  typed = ''
  document.addEventListener('keydown', gather, true)
  const timer = setTimeout(() => stop?.(), LONGEST_WAIT_MS)
  stop = () => {
    clearTimeout(timer)
    document.removeEventListener('keydown', gather, true)
    stop = undefined
  }
}

/** takeTyped ends the gathering and gives what was typed meanwhile. */
export function takeTyped(): string {
  stop?.()
  const taken = typed
  typed = ''
  return taken
}
