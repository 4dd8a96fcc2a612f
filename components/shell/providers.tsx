'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ProblemError } from '@/lib/client/api'
import { LiveFeed } from './live-feed'

const RETRIES = 2

function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < RETRIES && !(error instanceof ProblemError && error.problem.status < 500)
}

/** Providers holds the browser's copy of what was read and starts the live feed. */
export function Providers({ children }: { readonly children: ReactNode }): ReactNode {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { retry: isWorthRetrying, staleTime: 15_000, refetchOnWindowFocus: true },
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
