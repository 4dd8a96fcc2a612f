import { z } from 'zod'
import { withinSight } from '../access/sight'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import type { PostmortemState } from '../postmortems/model'
import { postmortemName } from '../postmortems/model'
import { postmortemSight } from '../postmortems/sight-queries'
import { alikeOf, type Reason, wordOf } from './similar'
import { readCandidates, readIncidentTraits, readPostmortemTraits, type Subject } from './similar-store'
import { readLeafTitles } from './titles-store'

const MOST = 8

/** similar gives past postmortems that are alike, with why: same diagnosis, same components, same hosts, shared words. */
export const similar = defineQuery({
  name: 'library.similar',
  summary: 'Gives past postmortems that are like a postmortem or an incident, with why they are alike.',
  permission: 'postmortems.read',
  input: z.union([
    z.strictObject({ postmortemId: z.uuid('must be a postmortem’s id') }),
    z.strictObject({ incidentId: z.uuid('must be an incident id') }),
  ]),
  run: async ({ console, actor, now }, input) => {
    const { db } = console
    let subject: Subject | undefined
    if ('postmortemId' in input) {
      const seen = await db.postmortem.findFirst({
        where: { AND: [{ id: input.postmortemId }, postmortemSight(actor)] },
        select: { id: true },
      })
      subject = seen === null ? undefined : await readPostmortemTraits(db, seen.id)
      if (subject === undefined) throw new AppError('not_found', 'There is no such postmortem.')
    } else {
      const seen = await db.incident.findFirst({
        where: { AND: [{ id: input.incidentId }, withinSight(actor)] },
        select: { id: true, postmortem: { select: { id: true } } },
      })
      if (seen === null) throw new AppError('not_found', 'There is no such incident.')
      subject = seen.postmortem
        ? await readPostmortemTraits(db, seen.postmortem.id)
        : await readIncidentTraits(db, seen.id)
      if (subject === undefined) throw new AppError('not_found', 'There is no such incident.')
    }
    const alike = alikeOf(subject, await readCandidates(db, { subject, actor }), MOST)
    const titles = await readLeafTitles(
      db,
      alike.flatMap(({ candidate }) => candidate.leaves),
    )
    const names = await db.statusComponent.findMany({ select: { id: true, name: true } })
    const labelOf = (kind: Reason['kind'], one: string, text: string): string => {
      if (kind === 'leaf') return titles.get(one) ?? one
      if (kind === 'component') return names.find(({ id }) => id === one)?.name ?? one
      return kind === 'words' ? wordOf(one, text) : one
    }
    return {
      nowMs: now.getTime(),
      alike: alike.map(({ candidate, score, reasons }) => ({
        id: candidate.id,
        number: candidate.number,
        name: postmortemName(candidate.number),
        title: candidate.title,
        state: candidate.state as PostmortemState,
        severity: candidate.severity as 'P1' | 'P2' | 'P3' | 'P4',
        isDrill: candidate.isDrill,
        incident: candidate.incident,
        startedAtMs: candidate.startedAtMs,
        durationMs: candidate.durationMs,
        score,
        reasons: reasons.map((reason) => ({
          ...reason,
          shared: reason.shared.map((one) => labelOf(reason.kind, one, candidate.text)),
        })),
      })),
    }
  },
})
