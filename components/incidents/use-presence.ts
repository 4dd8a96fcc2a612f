'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { queryOf, sendCommand } from '@/lib/client/api'
import { onPresent } from '@/lib/client/live'
import { nextBeatMs, type Present } from '@/lib/incidents/presence'
import { currentEditing, onEditing } from './editing'

const NOBODY: readonly Present[] = []

/** usePresent gives who else looks at an incident, without saying anything itself. */
export function usePresent(incidentId: string): readonly Present[] {
  return (
    useQuery({ ...queryOf('incidents.present', { id: incidentId }), enabled: false }).data?.present ?? NOBODY
  )
}

/**
 * useBeats says that this person looks at an incident while its page is visible: every 20 s, sooner only when they begin
 * to type somewhere else, never more than once in 15 s. The answers, and the stream, keep `usePresent` fresh.
 */
export function useBeats(incidentId: string): void {
  const client = useQueryClient()
  useEffect(() => {
    const options = queryOf('incidents.present', { id: incidentId })
    let lastMs: number | undefined
    let told = ''
    let timer: number | undefined
    const beat = async (): Promise<void> => {
      lastMs = performance.now()
      told = currentEditing()
      plan()
      try {
        const input = { id: incidentId, editing: told }
        const answer = await sendCommand('incidents.beHere', input, {
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
    const offPresent = onPresent((incident) => {
      if (incident === incidentId) void client.fetchQuery({ ...options, staleTime: 0 }).catch(() => undefined)
    })
    document.addEventListener('visibilitychange', plan)
    plan()
    return () => {
      window.clearTimeout(timer)
      offEditing()
      offPresent()
      document.removeEventListener('visibilitychange', plan)
    }
  }, [client, incidentId])
}
