'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { toast } from '@/components/ui/toast-store'
import { queryOf } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import { utcTime } from '@/lib/reminders/words'

/** PromiseNudge tells the commander, wherever they are in the console, that an update they promised is due. */
export function PromiseNudge(): ReactNode {
  const client = useQueryClient()
  const told = useRef(new Set<string>())
  useEffect(() => {
    async function look(): Promise<void> {
      const { nudges } = await client.fetchQuery({ ...queryOf('reminders.mine', {}), staleTime: 0 })
      for (const { incident, dueAtMs } of nudges) {
        const key = `${incident}:${dueAtMs}`
        if (told.current.has(key)) continue
        told.current.add(key)
        toast({
          tone: 'failed',
          text: `${incident}: an update is promised by ${utcTime(dueAtMs)}`,
          detail: 'Open the incident and press U: the text says what is known now.',
        })
      }
    }
    return onHint((hint) => {
      if (hint === 'all' || hint.topic === 'reminders') look().catch(() => undefined)
    })
  }, [client])
  return null
}
