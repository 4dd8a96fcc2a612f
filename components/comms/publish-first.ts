'use client'

import type { QueryClient } from '@tanstack/react-query'
import { runCommand } from '@/components/shell/run-command'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, queryOf } from '@/lib/client/api'

/**
 * publishFirst sends the first post in the templates' own words to customers and the team, without a character typed.
 * Gives the messages, which are held for their undo; undefined when the composer has to be opened, because something blocks.
 */
export async function publishFirst(
  client: QueryClient,
  incidentId: string,
): Promise<readonly string[] | undefined> {
  try {
    const { situation, drafts } = await client.fetchQuery(queryOf('publications.draft', { incidentId }))
    const texts = drafts.filter(
      ({ audience, findings, factProblems }) =>
        (audience === 'internal' || (audience === 'public' && situation.incident.visibility === 'public')) &&
        factProblems.length === 0 &&
        findings.every(({ level }) => level !== 'block'),
    )
    const wanted = situation.incident.visibility === 'public' ? 'public' : 'internal'
    const main = texts.find(({ audience }) => audience === wanted)
    if (main === undefined) return undefined
    const { publications } = await runCommand('publications.publish', {
      incidentId,
      nextUpdateAt: main.nextUpdateAt,
      texts: texts.map(({ audience, title, body, told }) => ({ audience, title, body, told })),
    })
    void client.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).startsWith('publications.'),
    })
    return publications.map(({ id }) => id)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    toast({ tone: 'failed', text: error.problem.title, detail: error.problem.detail })
    return undefined
  }
}
