'use client'

import { useSyncExternalStore } from 'react'
import { applyDelta, type HealthState, stateOf } from '../health/state'
import type { Board, Delta, Snapshot } from '../health/wire'
import { browserNowMs } from './clock'

/** FleetView is the decoded fleet; its columns change in place, so read them when told and do not keep copies. */
export type FleetView = Pick<HealthState, 'seq' | 'at' | 'layout' | 'simulated' | 'instances' | 'gpus'>

/** LiveState is how the page is fed and since when (server-corrected epoch milliseconds). */
export type LiveState = {
  readonly mode: 'connecting' | 'live' | 'polling' | 'offline'
  readonly sinceMs: number
}

type FleetListener = (changed: readonly number[] | 'all') => void

let state: HealthState | undefined
let live: LiveState = { mode: 'connecting', sinceMs: 0 }
let offsetMs = 0
const boardListeners = new Set<() => void>()
const liveListeners = new Set<() => void>()
const fleetListeners = new Set<FleetListener>()

function tellBoard(): void {
  for (const listener of boardListeners) listener()
}

/** healthStore holds the newest state of the watched world in this tab; fed by lib/client/live.ts only. */
export const healthStore = {
  /** fleet gives the decoded fleet, or undefined before the first snapshot. */
  fleet(): FleetView | undefined {
    return state
  },
  /** seq is the newest sequence number applied, −1 before the first snapshot. */
  seq(): number {
    return state?.seq ?? -1
  },
  /** subscribeFleet calls back with the changed GPU rows after each delta, or `all` after a snapshot. */
  subscribeFleet(listener: FleetListener): () => void {
    fleetListeners.add(listener)
    return () => fleetListeners.delete(listener)
  },
  /** load replaces everything by a snapshot. */
  load(snapshot: Snapshot): void {
    state = stateOf(snapshot)
    tellBoard()
    for (const listener of fleetListeners) listener('all')
  },
  /** apply moves one delta forward; false asks the caller for a new snapshot. */
  apply(delta: Delta): boolean {
    if (!state) return false
    const applied = applyDelta(state, delta)
    if (applied.kind === 'gap') return false
    if (applied.kind === 'known') return true
    for (const listener of fleetListeners) listener(applied.gpuRows)
    tellBoard()
    return true
  },
  /** setLive records how the page is fed. */
  setLive(mode: LiveState['mode']): void {
    if (mode === live.mode) return
    live = { mode, sinceMs: browserNowMs() + offsetMs }
    for (const listener of liveListeners) listener()
  },
  /** setServerTime corrects this browser's clock by the server's (epoch milliseconds). */
  setServerTime(serverMs: number): void {
    offsetMs = serverMs - browserNowMs()
  },
}

/** serverNowMs is the server's time in epoch milliseconds, as far as this browser knows it. */
export function serverNowMs(): number {
  return browserNowMs() + offsetMs
}

function subscribeBoard(listener: () => void): () => void {
  boardListeners.add(listener)
  return () => boardListeners.delete(listener)
}

/** useBoard re-renders only when the selected part changes by identity; undefined before the first snapshot. */
export function useBoard<Part>(select: (board: Board) => Part): Part | undefined {
  const read = (): Part | undefined => (state ? select(state.board) : undefined)
  return useSyncExternalStore(subscribeBoard, read, () => undefined)
}

/** useFleetMeta re-renders when the selected scalar or identity of the fleet changes (counts, seq, layout). */
export function useFleetMeta<Part>(select: (fleet: FleetView) => Part): Part | undefined {
  const read = (): Part | undefined => (state ? select(state) : undefined)
  return useSyncExternalStore(subscribeBoard, read, () => undefined)
}

function subscribeLive(listener: () => void): () => void {
  liveListeners.add(listener)
  return () => liveListeners.delete(listener)
}

const CONNECTING: LiveState = { mode: 'connecting', sinceMs: 0 }

/** liveMode is how this tab is fed now. */
export function liveMode(): LiveState['mode'] {
  return live.mode
}

/** onLiveMode calls back when the way in which this tab is fed changes. */
export function onLiveMode(listener: () => void): () => void {
  return subscribeLive(listener)
}

/** useLiveState tells live, polling or offline and since when. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    subscribeLive,
    () => live,
    () => CONNECTING,
  )
}

let tick: number | undefined
let nowMs = 0
const tickListeners = new Set<() => void>()

function subscribeTick(listener: () => void): () => void {
  tickListeners.add(listener)
  if (tick === undefined) {
    nowMs = browserNowMs() + offsetMs
    tick = window.setInterval(() => {
      nowMs = browserNowMs() + offsetMs
      for (const each of tickListeners) each()
    }, 1000)
  }
  return () => {
    tickListeners.delete(listener)
    if (tickListeners.size === 0 && tick !== undefined) {
      window.clearInterval(tick)
      tick = undefined
    }
  }
}

/** useServerNow ticks once a second with the server's time in epoch milliseconds; 0 on the server and before mounting. */
export function useServerNow(): number {
  return useSyncExternalStore(
    subscribeTick,
    () => {
      if (nowMs === 0) nowMs = browserNowMs() + offsetMs
      return nowMs
    },
    () => 0,
  )
}
