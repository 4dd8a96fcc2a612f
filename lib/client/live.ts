'use client'

import type { Delta, Snapshot } from '../health/wire'
import { healthStore } from './health-store'

/** Hint tells that a thing changed; whoever shows it fetches again. */
export type Hint = { readonly seq: number; readonly topic: string; readonly ref: string }

type Message =
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'hint'; readonly hint: Hint }
  | { readonly kind: 'ping'; readonly now: number }
  | { readonly kind: 'present'; readonly incident: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'mode'; readonly mode: 'live' | 'polling' | 'offline' }

const SILENCE_MS = 35_000
const POLL_MS = 5_000
const CHANNEL = 'watchfloor-live'

const hintListeners = new Set<(hint: Hint | 'all') => void>()
const presentListeners = new Set<(incident: string) => void>()
const sessionListeners = new Set<() => void>()

let started = false
let channel: BroadcastChannel | undefined
let source: EventSource | undefined
let pending: Delta[] = []
let loading = false
let lastMessageMs = 0
let lastEventId = ''
let reconnectTimer: number | undefined
let leading = false

/** onHint calls back for every hint, and with `all` when some may have been missed. */
export function onHint(listener: (hint: Hint | 'all') => void): () => void {
  hintListeners.add(listener)
  return () => hintListeners.delete(listener)
}

/** onPresent calls back when somebody came to an incident or began to type there. */
export function onPresent(listener: (incident: string) => void): () => void {
  presentListeners.add(listener)
  return () => presentListeners.delete(listener)
}

/** onSessionEnded calls back once the server no longer knows this session. */
export function onSessionEnded(listener: () => void): () => void {
  sessionListeners.add(listener)
  return () => sessionListeners.delete(listener)
}

async function loadSnapshot(): Promise<boolean> {
  if (loading) return false
  loading = true
  try {
    const response = await fetch('/api/queries/health.snapshot', {
      cache: 'no-cache',
    })
    if (response.status === 401) {
      for (const listener of sessionListeners) listener()
      return false
    }
    if (!response.ok) return false
    healthStore.load((await response.json()) as Snapshot)
    const waiting = pending
    pending = []
    for (const delta of waiting) healthStore.apply(delta)
    return true
  } catch {
    return false
  } finally {
    loading = false
  }
}

function applyDelta(delta: Delta): void {
  if (loading || healthStore.seq() < 0) {
    pending.push(delta)
    if (!loading) void loadSnapshot()
    return
  }
  if (healthStore.apply(delta)) return
  pending = []
  void loadSnapshot()
}

function receive(message: Message): void {
  lastMessageMs = performance.now()
  switch (message.kind) {
    case 'delta':
      healthStore.setLive('live')
      applyDelta(message.delta)
      return
    case 'hint':
      for (const listener of hintListeners) listener(message.hint)
      return
    case 'present':
      for (const listener of presentListeners) listener(message.incident)
      return
    case 'ping':
      healthStore.setServerTime(message.now)
      healthStore.setLive('live')
      return
    case 'reset':
      pending = []
      void loadSnapshot()
      for (const listener of hintListeners) listener('all')
      return
    case 'mode':
      healthStore.setLive(message.mode)
      return
    default:
      message satisfies never
  }
}

function share(message: Message): void {
  receive(message)
  channel?.postMessage(message)
}

function closeStream(): void {
  source?.close()
  source = undefined
}

function reconnectSoon(): void {
  closeStream()
  window.clearTimeout(reconnectTimer)
  reconnectTimer = window.setTimeout(openStream, 1000 + Math.random() * 2000)
}

function openStream(): void {
  closeStream()
  const query = lastEventId === '' ? '' : `?after=${encodeURIComponent(lastEventId)}`
  const stream = new EventSource(`/api/live${query}`)
  source = stream
  const on = (type: string, toMessage: (data: string) => Message): void => {
    stream.addEventListener(type, (event) => {
      if (event.lastEventId !== '') lastEventId = event.lastEventId
      share(toMessage(event.data))
    })
  }
  on('delta', (data) => ({ kind: 'delta', delta: JSON.parse(data) as Delta }))
  on('hint', (data) => ({ kind: 'hint', hint: JSON.parse(data) as Hint }))
  on('ping', (data) => ({ kind: 'ping', now: Number(data) }))
  on('present', (data) => ({ kind: 'present', incident: JSON.parse(data) as string }))
  on('reset', () => ({ kind: 'reset' }))
  stream.addEventListener('error', () => {
    if (source !== stream) return
    if (stream.readyState !== EventSource.CLOSED) return
    reconnectSoon()
    void loadSnapshot()
  })
}

async function pollOnce(): Promise<void> {
  const reached = await loadSnapshot()
  const mode = reached ? 'polling' : 'offline'
  healthStore.setLive(mode)
  if (leading) channel?.postMessage({ kind: 'mode', mode } satisfies Message)
  if (reached) for (const listener of hintListeners) listener('all')
}

/** askLive finds out at once whether the server answers, after something else found that it does not. */
export function askLive(): void {
  if (loading) return
  void loadSnapshot().then((reached) => {
    if (!reached) share({ kind: 'mode', mode: 'offline' })
  })
}

function watchSilence(): void {
  window.setInterval(() => {
    if (performance.now() - lastMessageMs < SILENCE_MS) return
    if (leading && source?.readyState !== EventSource.CONNECTING) reconnectSoon()
    void pollOnce()
  }, POLL_MS)
}

function wake(): void {
  if (document.visibilityState !== 'visible') return
  if (performance.now() - lastMessageMs < 20_000) return
  if (leading) openStream()
  void loadSnapshot()
}

function loseNetwork(): void {
  healthStore.setLive('offline')
}

function regainNetwork(): void {
  if (leading) openStream()
  void loadSnapshot()
}

function lead(): void {
  leading = true
  openStream()
}

/**
 * startLive opens one stream per browser: the tab that holds the lock reads it and shares every message with the other
 * tabs; where locks are missing (plain http on a network address) each tab reads its own.
 */
export function startLive(): void {
  if (started) return
  started = true
  lastMessageMs = performance.now()
  if ('BroadcastChannel' in window) {
    channel = new BroadcastChannel(CHANNEL)
    channel.addEventListener('message', (event: MessageEvent<Message>) => receive(event.data))
  }
  void loadSnapshot().then((reached) => {
    if (!reached && healthStore.seq() < 0) healthStore.setLive('offline')
  })
  if (channel && 'locks' in navigator) {
    void navigator.locks.request(CHANNEL, () => {
      lead()
      return new Promise<never>(() => undefined)
    })
  } else {
    lead()
  }
  watchSilence()
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('pageshow', wake)
  window.addEventListener('offline', loseNetwork)
  window.addEventListener('online', regainNetwork)
}
