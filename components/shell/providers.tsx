'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ProblemError } from '@/lib/client/api'
import { type PagePerson, setPerson } from '@/lib/client/person'
import { LiveFeed } from './live-feed'

const RETRIES = 2

function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < RETRIES && !(error instanceof ProblemError && error.problem.status < 500)
}

/** Providers holds the browser's copy of what was read and starts the live feed. */
export function Providers({
  person,
  children,
}: {
  readonly person: PagePerson
  readonly children: ReactNode
}): ReactNode {
  useState(() => setPerson(person))
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            networkMode: 'always',
            retry: isWorthRetrying,
            staleTime: 15_000,
            refetchOnWindowFocus: true,
          },
        },
      }),
  )
  return (
    <QueryClientProvider client={client}>
      <LiveFeed />
      {children}
    </QueryClientProvider>
  )
}
