'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { type HeldAction, type HeldView, heldView } from '@/lib/client/held'
import { heldActions, subscribeHeld } from '@/lib/client/held-queue'
import { currentPerson } from '@/lib/client/person'

const NONE: readonly HeldAction[] = []

/** useHeld follows what waits for the server in this browser. */
export function useHeld(): HeldView {
  const actions = useSyncExternalStore(subscribeHeld, heldActions, () => NONE)
  return useMemo(() => heldView(actions, currentPerson()?.id), [actions])
}

/** useHeldTicks says what waits for one task. */
export function useHeldTicks(taskId: string): {
  readonly isAny: boolean
  readonly isAccepted: boolean
  readonly outcome: 'done' | 'dropped' | undefined
} {
  const waiting = useHeld().mine.filter(({ problem }) => problem === undefined)
  const ticks = waiting.filter(({ command }) => 'taskId' in command.input && command.input.taskId === taskId)
  const end = ticks.find(({ command }) => command.name === 'incidents.finishTask')?.command
  return {
    isAny: ticks.length > 0,
    isAccepted: ticks.some(({ command }) => command.name === 'incidents.ackTask'),
    outcome: end?.name === 'incidents.finishTask' ? end.input.outcome : undefined,
  }
}
