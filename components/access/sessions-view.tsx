'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, queryOf, sendCommand } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { browserOf } from './browser-of'
import { PasswordForm } from './password-form'

type Sessions = QueryResult<'access.mySessions'>

const METHODS: Readonly<Record<string, string>> = {
  password: 'password',
  oidc: 'single sign-on',
  demo: 'demo',
}

function tellFailure(error: unknown): void {
  toast({
    tone: 'failed',
    text: 'The session could not be ended',
    detail: error instanceof ProblemError ? error.problem.detail : 'Try again.',
  })
}

async function signOutEverywhere(): Promise<void> {
  try {
    await sendCommand('access.signOutEverywhere', {})
    window.location.assign('/session-ended?why=you')
  } catch (error) {
    tellFailure(error)
  }
}

/** SessionsView lists the browsers in which one is signed in, and changes the own password. */
export function SessionsView({ initial }: { readonly initial: Sessions }): ReactNode {
  const { data } = useQuery({ ...queryOf('access.mySessions', {}), initialData: initial })
  const client = useQueryClient()
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['access.mySessions'] })

  async function end(id: string): Promise<void> {
    await sendCommand('access.revokeSession', { id }).catch(tellFailure)
    await refresh()
  }

  return (
    <section aria-labelledby="sessions-title" className="grid max-w-5xl gap-8">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h2 id="sessions-title" className="text-16">
            Your sessions
          </h2>
          <p className="text-ink-2">
            A session ends after an hour without use and after twelve hours at most. An open console counts as
            use.
          </p>
        </div>
        <Button onClick={signOutEverywhere}>Sign out everywhere</Button>
      </header>
      <Panel title={data.sessions.length === 1 ? '1 session' : `${data.sessions.length} sessions`}>
        <Table label="Your sessions">
          <thead>
            <tr>
              <th scope="col">Browser</th>
              <th scope="col">Signed in with</th>
              <th scope="col">Since</th>
              <th scope="col">Last used</th>
              <th scope="col">Ends at the latest</th>
              <th scope="col">
                <span className="sr-only">End</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.sessions.map((session) => (
              <tr key={session.id}>
                <td title={session.userAgent}>{browserOf(session.userAgent)}</td>
                <td>{METHODS[session.method] ?? session.method}</td>
                <td>
                  <Instant at={session.createdAt} />
                </td>
                <td>
                  <TimeAgo at={session.lastSeenAt} />
                </td>
                <td>
                  <Instant at={session.expiresAt} />
                </td>
                <td className="num">
                  {session.isThis ? (
                    <Chip tone="accent">this one</Chip>
                  ) : (
                    <Button
                      size="small"
                      onClick={() => end(session.id)}
                      aria-label={`End the session in ${browserOf(session.userAgent)}`}
                    >
                      End
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Panel>
      {data.hasPassword ? (
        <PasswordForm onChanged={refresh} />
      ) : (
        <Panel
          title="Password"
          face={{
            kind: 'empty',
            sentence: 'You sign in through your identity provider and have no password here.',
          }}
        />
      )}
    </section>
  )
}
