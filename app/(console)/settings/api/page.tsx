import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ApiView } from '@/components/api/api-view'
import { GRANTABLE } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'
import { getConsole } from '@/lib/console'
import { roomOf } from '@/lib/openapi'
import { ALL_OPERATIONS } from '@/lib/registry'

export const metadata: Metadata = { title: 'API' }

export default async function Page(): Promise<ReactNode> {
  await requirePermission('access.self')
  const { env } = getConsole()
  const rooms = [...new Set(ALL_OPERATIONS.map(roomOf))].sort()
  return (
    <ApiView
      base={(env.WATCHFLOOR_PUBLIC_URL ?? env.NEXTAUTH_URL).replace(/\/+$/, '')}
      rooms={rooms.map((name) => ({
        name,
        operations: ALL_OPERATIONS.filter((operation) => roomOf(operation) === name).map(
          ({ name: operation, type, summary, permission }) => ({
            name: operation,
            type,
            summary,
            permission,
            mayKey: GRANTABLE.includes(permission),
          }),
        ),
      }))}
    />
  )
}
