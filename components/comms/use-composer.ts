'use client'

import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { IncidentData, Me } from '@/components/incidents/types'
import { runCommand } from '@/components/shell/run-command'
import { type Draft, useDraft } from '@/components/state/use-draft'
import { ProblemError, queryOf } from '@/lib/client/api'
import { useServerNow } from '@/lib/client/health-store'
import type { Audience } from '@/lib/comms/model'
import type { Problem } from '@/lib/platform/errors'
import { toldOf } from '@/lib/publications/compose'
import { withSaid } from '@/lib/publications/said'
import type { Situation } from '@/lib/publications/situation'
import { choicesOf, panesOf } from './panes'
import { type Edit, type Kept, keptOf, type Pane } from './types'
import { useLinkProblems } from './use-link-problems'

const READ_AGAIN_MS = 15_000
const STEP_MS = 5_000
const NO_HOSTS: readonly string[] = []

export type Composer = {
  readonly situation: Situation | undefined
  readonly isFailed: boolean
  readonly retry: () => void
  readonly kept: Kept
  readonly draft: Draft
  readonly panes: readonly Pane[]
  readonly now: Date
  readonly busy: boolean
  readonly problem: Problem | undefined
  readonly sent: readonly string[]
  readonly pick: (change: Partial<Kept>) => void
  readonly edit: (audience: Audience, change: Partial<Pick<Edit, 'title' | 'body'>>) => void
  readonly reset: (audience: Audience) => void
  /** refresh takes the present values of an edited text's facts for those that were read. */
  readonly refresh: (audience: Audience) => void
  readonly publish: (audiences: readonly Audience[]) => Promise<void>
}

/** What this person wrote for the same audiences and nobody has agreed to yet gives way to the new text. */
async function waitingOf(
  client: QueryClient,
  incidentId: string,
  { me, audiences }: { readonly me: Me; readonly audiences: readonly Audience[] },
): Promise<string[]> {
  const asked = { ...queryOf('publications.ofIncident', { incidentId }), staleTime: 0 }
  const { publications } = await client.fetchQuery(asked)
  return publications
    .filter(
      ({ state, authorId, audience }) =>
        state === 'waiting' && authorId === me.id && audiences.includes(audience),
    )
    .map(({ id }) => id)
}

/** useComposer holds an update while it is written: the situation as it is read now, what was chosen and typed, what stands against it. */
export function useComposer({
  incident,
  me,
  sent: sentBefore,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly sent: readonly string[]
}): Composer {
  const client = useQueryClient()
  const asked = queryOf('publications.draft', { incidentId: incident.id })
  const query = useQuery({
    ...asked,
    // An overwrite of the incident's fields makes every untouched text anew.
    queryKey: [...asked.queryKey, incident.version],
    placeholderData: keepPreviousData,
    refetchInterval: READ_AGAIN_MS,
  })
  const draft = useDraft(`incident:${incident.id}:composer`)
  const kept = useMemo(() => keptOf(draft.text), [draft.text])
  const read: Situation | undefined = query.data?.situation
  const tickMs = Math.floor(Math.max(useServerNow(), read?.nowMs ?? 0) / STEP_MS) * STEP_MS
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [sent, setSent] = useState(sentBefore)
  const typed = Object.values(kept.edits ?? {})
    .map(({ title, body }) => `${title}\n${body}`)
    .join('\n')
  const linkProblems = useLinkProblems(typed, read?.links.allowedLinkHosts ?? NO_HOSTS)
  const situation = useMemo(() => {
    if (read === undefined) return undefined
    const asked: Situation = { ...read, links: { ...read.links, linkProblems } }
    return withSaid(asked, kept.said ?? {}, me.handle)
  }, [read, linkProblems, kept.said, me.handle])
  const now = useMemo(() => new Date(Math.max(tickMs, read?.nowMs ?? 0)), [tickMs, read?.nowMs])
  const panes = useMemo(
    () => (situation === undefined ? [] : panesOf(situation, kept, { me, now })),
    [situation, kept, me, now],
  )

  function keep(next: Kept): void {
    setProblem(undefined)
    draft.keep(JSON.stringify(next))
  }

  async function publish(audiences: readonly Audience[]): Promise<void> {
    if (situation === undefined || busy) return
    const chosen = panes.filter((pane) => audiences.includes(pane.audience))
    const { status, components } = choicesOf(kept, now)
    setBusy(true)
    setProblem(undefined)
    try {
      const replaces = await waitingOf(client, incident.id, { me, audiences })
      const { publications } = await runCommand('publications.publish', {
        incidentId: incident.id,
        ...(status === undefined ? {} : { status }),
        ...(components === undefined ? {} : { components: [...components] }),
        nextUpdateAt: chosen[0]?.message.nextUpdateAt ?? null,
        said: kept.said ?? {},
        replaces,
        texts: chosen.map(({ audience, message, told, override }) => ({
          audience,
          title: message.title,
          body: message.body,
          told,
          override,
        })),
      })
      setSent(publications.map(({ id }) => id))
      const left = Object.entries(kept.edits ?? {}).filter(
        ([audience]) => !audiences.includes(audience as Audience),
      )
      // What was typed for an audience that was not told stays.
      if (left.length === 0) draft.drop()
      else draft.keep(JSON.stringify({ ...kept, edits: Object.fromEntries(left) }))
      void client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('publications.'),
      })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.problem)
      void query.refetch()
    } finally {
      setBusy(false)
    }
  }

  const paneOf = (audience: Audience): Pane | undefined => panes.find((pane) => pane.audience === audience)
  const editsWith = (audience: Audience, edit: Edit): Kept => ({
    ...kept,
    edits: { ...kept.edits, [audience]: edit },
  })

  return {
    situation,
    isFailed: query.isError && read === undefined,
    retry: () => void query.refetch(),
    kept,
    draft,
    panes,
    now,
    busy,
    problem,
    sent,
    pick: (change) => keep({ ...kept, ...change }),
    edit: (audience, change) => {
      const pane = paneOf(audience)
      if (pane === undefined || situation === undefined) return
      const { title, body } = { ...pane.message, ...change }
      const told = { ...toldOf(situation, { audience, title, body }), ...kept.edits?.[audience]?.told }
      keep(editsWith(audience, { title, body, told }))
    },
    reset: (audience) => {
      const { [audience]: _gone, ...edits } = kept.edits ?? {}
      keep({ ...kept, edits })
    },
    refresh: (audience) => {
      const pane = paneOf(audience)
      if (pane === undefined || situation === undefined) return
      const { title, body } = pane.message
      keep(editsWith(audience, { title, body, told: toldOf(situation, pane.message) }))
    },
    publish,
  }
}
