'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { toast } from '@/components/ui/toast-store'
import { dueWords } from '@/lib/action-items/model'
import { queryOf } from '@/lib/client/api'
import { serverNowMs } from '@/lib/client/health-store'
import { onHint } from '@/lib/client/live'

const FRESH_MS = 5 * 60_000

/** DueNudge tells whoever owns an action item, wherever they are in the console, that it is due. */
export function DueNudge(): ReactNode {
  const client = useQueryClient()
  const told = useRef(new Set<string>())
  useEffect(() => {
    async function look(): Promise<void> {
      const { items } = await client.fetchQuery({ ...queryOf('action-items.mine', {}), staleTime: 0 })
      for (const { name, title, dueOn, lastNag } of items) {
        if (lastNag === null || dueOn === null || serverNowMs() - lastNag.atMs > FRESH_MS) continue
        const key = `${name} ${lastNag.step}`
        if (told.current.has(key)) continue
        told.current.add(key)
        toast({ tone: 'failed', text: `${name} is ${dueWords(dueOn, serverNowMs())}`, detail: title })
      }
    }
    return onHint((hint) => {
      if (hint !== 'all' && hint.topic === 'action-items') look().catch(() => undefined)
    })
  }, [client])
  return null
}
