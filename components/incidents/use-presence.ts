'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { queryOf, sendCommand } from '@/lib/client/api'
import { onPresent } from '@/lib/client/live'
import { nextBeatMs, type Present } from '@/lib/incidents/presence'
import { currentEditing, onEditing } from './editing'

const NOBODY: readonly Present[] = []

/** Place is where people see each other: an incident's page, or the editor of a postmortem. */
export type Place = { readonly room: 'incidents' | 'postmortems'; readonly id: string }

/** usePresent gives who else is at a place, without saying anything itself. */
export function usePresent({ room, id }: Place): readonly Present[] {
  return useQuery({ ...queryOf(`${room}.present`, { id }), enabled: false }).data?.present ?? NOBODY
}

/**
 * useBeats says that this person is at a place while its page is visible: every 20 s, sooner only when they begin
 * to type somewhere else, never more than once in 15 s. The answers, and the stream, keep `usePresent` fresh.
 */
export function useBeats({ room, id }: Place): void {
  const client = useQueryClient()
  useEffect(() => {
    const options = queryOf(`${room}.present`, { id })
    let lastMs: number | undefined
    let told = ''
    let timer: number | undefined
    const beat = async (): Promise<void> => {
      lastMs = performance.now()
      told = currentEditing()
      plan()
      try {
        const input = { id, editing: told }
        const answer = await sendCommand(`${room}.beHere`, input, {
          idempotencyKey: null,
          timeoutMs: 10_000,
        })
        client.setQueryData(options.queryKey, answer)
      } catch {
        client.setQueryData(options.queryKey, { present: [] })
      }
    }
    const plan = (): void => {
      window.clearTimeout(timer)
      if (document.visibilityState !== 'visible') return
      const isChanged = currentEditing() !== told
      const waitMs = nextBeatMs({ nowMs: performance.now(), lastMs, isChanged })
      timer = window.setTimeout(() => void beat(), waitMs)
    }
    const offEditing = onEditing(plan)
    const offPresent = onPresent((place) => {
      if (place === id) void client.fetchQuery({ ...options, staleTime: 0 }).catch(() => undefined)
    })
    document.addEventListener('visibilitychange', plan)
    plan()
    return () => {
      window.clearTimeout(timer)
      offEditing()
      offPresent()
      document.removeEventListener('visibilitychange', plan)
    }
  }, [client, room, id])
}
