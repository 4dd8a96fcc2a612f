import { z } from 'zod'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { type AlertTarget, findTargets, namesOf, setLinks } from './alert-links-store'
import { linkedOutput } from './outputs'
import { authorOf, lockIncident, refuseMerged, writeEntries } from './store'
import { alertTarget, incidentId } from './text'

type Inside = Scope & { readonly tx: Tx }

async function change(
  scope: Inside,
  id: string,
  wanted: { readonly target: AlertTarget; readonly state: 'linked' | 'unlinked' },
): Promise<Outcome<{ readonly changed: number }>> {
  const { tx, actor, now } = scope
  const incident = await lockIncident(scope, id)
  await refuseMerged(tx, incident)
  const author = authorOf(actor)
  const alerts = await findTargets(tx, wanted.target)
  if (alerts.length === 0) throw new AppError('not_found', 'There is no such alert.')
  const changed = await setLinks(tx, incident, {
    alerts,
    state: wanted.state,
    isMachine: false,
    by: author.name,
    now,
  })
  if (changed.length > 0)
    await writeEntries(tx, incident, {
      author,
      now,
      entries: [{ kind: `alerts-${wanted.state}`, source: 'human', body: namesOf(changed) }],
    })
  return {
    result: { changed: changed.length },
    audit: { subject: `incident:${id}`, detail: { [wanted.state]: namesOf(changed) } },
    touched: changed.length === 0 ? [] : [{ topic: 'incidents', ref: id }],
  }
}

/** linkAlerts ties alerts to an incident: chosen ones, proposed ones, or all that fire of one rule. */
export const linkAlerts = defineCommand({
  name: 'incidents.linkAlerts',
  summary: 'Ties alerts to an incident: chosen ones, proposed ones, or all that fire of one rule.',
  permission: 'incidents.work',
  output: linkedOutput,
  input: z.strictObject({ id: incidentId, alerts: alertTarget }),
  run: (scope, { id, alerts }) => change(scope, id, { target: alerts, state: 'linked' }),
})

/** unlinkAlerts takes alerts, or proposals of them, out of an incident; no machine links them to it again. */
export const unlinkAlerts = defineCommand({
  name: 'incidents.unlinkAlerts',
  summary: 'Takes alerts, or proposals of them, out of an incident; no machine links them to it again.',
  permission: 'incidents.work',
  output: linkedOutput,
  input: z.strictObject({ id: incidentId, ids: z.array(z.uuid('must be an alert id')).min(1).max(500) }),
  run: (scope, { id, ids }) => change(scope, id, { target: { ids }, state: 'unlinked' }),
})
