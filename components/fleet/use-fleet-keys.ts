'use client'

import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { type Cursor, type Finding, nextFinding } from './findings'

type Keys = {
  readonly findings: readonly Finding[]
  readonly cursor: Cursor
  readonly search: RefObject<HTMLInputElement | null>
  readonly wall: RefObject<HTMLDivElement | null>
  readonly isDrawerOpen: boolean
  readonly onFinding: (finding: Finding) => void
  readonly onClose: () => void
}

/** useFleetKeys offers the page's keys to palette and help: J and K to the next finding, `/` to search, Esc to close. */
export function useFleetKeys(keys: Keys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  const actions = useMemo(() => actionsOf(latest), [])
  useActions(actions)
  useEscape(latest)
}

function actionsOf(keys: RefObject<Keys>): readonly Action[] {
  const step = (by: 1 | -1): void => {
    const { findings, cursor, isDrawerOpen, onFinding } = keys.current
    const next = nextFinding(findings, cursor, by)
    if (!next) return
    if (!isDrawerOpen) keys.current.wall.current?.focus({ preventScroll: true })
    onFinding(next)
  }
  return [
    { id: 'fleet.next', title: 'Next unhealthy GPU', group: 'On this page', keys: 'J', run: () => step(1) },
    {
      id: 'fleet.previous',
      title: 'Previous unhealthy GPU',
      group: 'On this page',
      keys: 'K',
      run: () => step(-1),
    },
    {
      id: 'fleet.search',
      title: 'Search the fleet',
      group: 'On this page',
      keys: '/',
      run: () => keys.current.search.current?.focus(),
    },
  ]
}

function useEscape(keys: RefObject<Keys>): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.key !== 'Escape' || event.defaultPrevented || !keys.current.isDrawerOpen) return
      if (document.querySelector('dialog:modal, :popover-open')) return
      if (event.target instanceof Element && event.target.closest('input, select, textarea')) return
      keys.current.onClose()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [keys])
}
