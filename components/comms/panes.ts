import type { Me } from '@/components/incidents/types'
import { can } from '@/lib/access/permissions'
import type { Audience, Message } from '@/lib/comms/model'
import { approvalOf } from '@/lib/publications/approval'
import { type Choices, componentsOf, draftFor, judge, nextUpdateOf, toldOf } from '@/lib/publications/compose'
import { blocksOf } from '@/lib/publications/gate'
import type { Situation } from '@/lib/publications/situation'
import type { Kept, Pane } from './types'

const MINUTE_MS = 60_000
/** Whom it matters to most comes first. */
const SIDE_BY_SIDE: readonly Audience[] = ['public', 'internal', 'executive']

/** choicesOf turns what was picked into what drafts are made of; minutes count from `now`, in whole minutes. */
export function choicesOf(kept: Kept, now: Date): Choices {
  const { status, nextMinutes, components } = kept
  return {
    ...(status === undefined ? {} : { status }),
    ...(components === undefined ? {} : { components }),
    ...(nextMinutes === undefined || status === 'resolved'
      ? {}
      : {
          nextUpdateAt: new Date(
            Math.floor(now.getTime() / MINUTE_MS + nextMinutes) * MINUTE_MS,
          ).toISOString(),
        }),
  }
}

/** panesOf writes every audience's text and judges it; an untouched one follows the situation, an edited one stays as typed. */
export function panesOf(
  situation: Situation,
  kept: Kept,
  context: { readonly me: Me; readonly now: Date },
): readonly Pane[] {
  return SIDE_BY_SIDE.map((audience) => paneOf(situation, { audience, kept, ...context }))
}

function paneOf(
  situation: Situation,
  {
    audience,
    kept,
    me,
    now,
  }: { readonly audience: Audience; readonly kept: Kept; readonly me: Me; readonly now: Date },
): Pane {
  const choices = choicesOf(kept, now)
  const draft = draftFor(situation, audience, choices, now)
  const edit = kept.edits?.[audience]
  const status = choices.status ?? situation.incident.status
  const message: Message = {
    audience,
    kind: 'update',
    severity: situation.incident.severity,
    status,
    title: edit?.title ?? draft?.message.title ?? '',
    body: edit?.body ?? draft?.message.body ?? '',
    nextUpdateAt: nextUpdateOf(situation, choices, now),
    components: componentsOf(situation, choices, audience),
  }
  const told = edit?.told ?? toldOf(situation, message)
  const ways = situation.ways.filter((way) => way.audiences.includes(audience))
  const forms = [...ways.map(({ form }) => form), ...(audience === 'public' ? (['page'] as const) : [])]
  const judgement = judge(situation, message, { told, channels: forms, now })
  const { blocks, isOverridable } = blocksOf(judgement.findings)
  const isTemplate =
    draft !== undefined && draft.message.title === message.title && draft.message.body === message.body
  const shut = shutFor(situation, audience, me)
  return {
    audience,
    message,
    told,
    isEdited: edit !== undefined,
    isOn: shut === '' && !(kept.off ?? offAtFirst(situation)).includes(audience),
    shut,
    judgement,
    hidden: draft?.hidden ?? [],
    ways,
    blocks: blocks.length + judgement.facts.length,
    isOverridable: isOverridable && judgement.facts.length === 0,
    override: kept.overrides?.[audience] ?? '',
    approval: approvalOf(
      {
        audience,
        severity: message.severity,
        status,
        isTemplate,
        isFirst: situation.before[audience] === undefined,
        isCorrection: false,
      },
      situation.policy,
    ),
  }
}

/** offAtFirst are the audiences that nobody owes an update: executives hear of P1 and P2 alone. */
export function offAtFirst({ incident }: Situation): readonly Audience[] {
  return incident.severity === 'P1' || incident.severity === 'P2' ? [] : ['executive']
}

function shutFor({ incident }: Situation, audience: Audience, me: Me): string {
  if (audience !== 'public') return ''
  if (incident.visibility !== 'public')
    return `This incident is ${incident.visibility}: customers are not told.`
  if (!can(me.roles, 'publications.publish-public'))
    return 'Customers are told by communications, commanders and managers.'
  return ''
}

/** mayGo tells whether a pane's text can be published as it is. */
export function mayGo(pane: Pane): boolean {
  return pane.blocks === 0 || (pane.isOverridable && pane.override.trim() !== '')
}
