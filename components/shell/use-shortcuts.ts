'use client'

import { useEffect } from 'react'
import { currentActions } from './actions'
import { type Pending, stepKeys } from './keymap'
import { readPreference } from './use-preference'

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"]'

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog:modal')) return true
  return target instanceof Element && target.closest(TYPING) !== null
}

/** useShortcuts runs the keys of every action on screen; the keyboard is the outside system it listens to. */
export function useShortcuts(): void {
  useEffect(() => {
    let pending: Pending
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing || event.repeat) return
      const actions = currentActions()
      const step = stepKeys({
        press: {
          key: event.key,
          mod: event.metaKey || event.ctrlKey,
          alt: event.altKey,
          shift: event.shiftKey,
          isTyping: isTyping(event.target),
          atMs: event.timeStamp,
        },
        pending,
        bindings: actions.flatMap((action) => action.keys ?? []),
        singleKeys: readPreference('keys') !== 'off',
      })
      pending = step.kind === 'wait' ? step.pending : undefined
      if (step.kind !== 'run') return
      event.preventDefault()
      actions.find((action) => action.keys === step.keys)?.run()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
