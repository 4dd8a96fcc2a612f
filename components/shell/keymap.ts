/** Press is one key as the page saw it; `isTyping` is true inside a field, a menu or a dialog. */
export type Press = {
  readonly key: string
  readonly mod: boolean
  readonly alt: boolean
  readonly shift?: boolean
  readonly isTyping: boolean
  readonly atMs: number
}

/** Pending is the first key of a sequence, waiting for its second. */
export type Pending = { readonly key: string; readonly atMs: number } | undefined

export type Step =
  | { readonly kind: 'run'; readonly keys: string }
  | { readonly kind: 'wait'; readonly pending: Pending }
  | { readonly kind: 'pass' }

const SEQUENCE_MS = 1500

/**
 * stepKeys decides what a key press means: run a binding, wait for the second key of a sequence, or leave it alone.
 * Bindings are written `Z`, `Shift+S`, `G B` or `Mod+K`; only those with Mod work while typing or with single keys switched off.
 */
export function stepKeys(options: {
  readonly press: Press
  readonly pending: Pending
  readonly bindings: readonly string[]
  readonly singleKeys: boolean
}): Step {
  const { press, pending, bindings, singleKeys } = options
  if (press.alt) return { kind: 'pass' }
  const key = press.key.length === 1 ? press.key.toUpperCase() : press.key
  if (press.mod) return runIfBound(bindings, `Mod+${key}`)
  if (press.isTyping || !singleKeys) return { kind: 'pass' }
  if (pending && press.atMs - pending.atMs <= SEQUENCE_MS) {
    const sequence = runIfBound(bindings, `${pending.key} ${key}`)
    if (sequence.kind === 'run') return sequence
  }
  const shifted = press.shift ? runIfBound(bindings, `Shift+${key}`) : undefined
  if (shifted?.kind === 'run') return shifted
  const single = runIfBound(bindings, key)
  if (single.kind === 'run') return single
  const isStart = bindings.some((binding) => binding.startsWith(`${key} `))
  return isStart ? { kind: 'wait', pending: { key, atMs: press.atMs } } : { kind: 'pass' }
}

function runIfBound(bindings: readonly string[], keys: string): Step {
  return bindings.includes(keys) ? { kind: 'run', keys } : { kind: 'pass' }
}

/** keysLabel writes a binding for the screen; `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function keysLabel(keys: string, isMac: boolean): string {
  return keys.replace('Mod+', isMac ? '⌘' : 'Ctrl ').replace('Shift+', '⇧')
}
