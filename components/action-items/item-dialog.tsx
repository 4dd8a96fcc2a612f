'use client'

import { type ReactNode, useState } from 'react'
import { CommandForm, type FormField, seenVersion, type Values } from '@/components/incidents/command-form'
import { KINDS } from '@/lib/action-items/model'
import { KIND_MEANINGS } from './item-words'
import type { ItemAsk, ItemData, ItemHome } from './types'
import { useItemCommand } from './use-item-command'

/** ItemDialog asks for one change of an action item; what is typed is kept until it is sent. */
export function ItemDialog({
  ask,
  onClose,
}: {
  readonly ask: ItemAsk
  readonly onClose: () => void
}): ReactNode {
  const { busy, problem, send } = useItemCommand()
  // Whoever changes the item while this form is open must not be overwritten unseen.
  const [seen] = useState(ask.kind === 'add' ? 0 : ask.item.version)
  const current = currentIn(problem?.current)
  const spec = specOf(ask)
  return (
    <CommandForm
      title={spec.title}
      submit={current === undefined ? spec.submit : `${spec.submit} over what stands now`}
      draftKey={draftKeyOf(ask)}
      fields={spec.fields}
      busy={busy}
      problem={problem}
      {...(seen === 0 ? {} : { version: seen })}
      onSend={async (values) => {
        const version = current?.version ?? seenVersion(values, seen)
        return (await sendOf(ask, { values, version, send })) !== undefined
      }}
      onClose={onClose}
    >
      {current === undefined ? null : <StandsNow current={current} />}
    </CommandForm>
  )
}

type Send = ReturnType<typeof useItemCommand>['send']

type Current = { readonly version: number } & Partial<Readonly<Record<string, unknown>>>

function currentIn(current: unknown): Current | undefined {
  const version = (current as Partial<Current> | undefined)?.version
  return typeof version === 'number' ? (current as Current) : undefined
}

const NOW_WORDS = [
  ['title', 'Title'],
  ['state', 'State'],
  ['kind', 'Kind'],
  ['dueOn', 'Due on'],
  ['doneWhen', 'Done when'],
  ['externalUrl', 'Issue'],
] as const

/** What somebody else made of the item meanwhile stands beside what was typed. */
function StandsNow({ current }: { readonly current: Current }): ReactNode {
  return (
    <dl aria-label="What stands now" className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1 text-12">
      {NOW_WORDS.filter(([name]) => name in current).map(([name, words]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{words}</dt>
          <dd className="break-words">{String(current[name] ?? '') || 'not said'}</dd>
        </div>
      ))}
    </dl>
  )
}

function draftKeyOf(ask: ItemAsk): string {
  if (ask.kind !== 'add') return `action-item:${ask.item.id}:${ask.kind}`
  const { home } = ask
  if (home === undefined) return 'action-item:new:add'
  return 'postmortemId' in home
    ? `postmortem:${home.postmortemId}:action-item`
    : `incident:${home.incidentId}:action-item`
}

type Spec = { readonly title: string; readonly submit: string; readonly fields: readonly FormField[] }

function specOf(ask: ItemAsk): Spec {
  switch (ask.kind) {
    case 'add':
      return { title: 'Add an action item', submit: 'Add it', fields: fieldsOf(undefined) }
    case 'change':
      return { title: `Change ${ask.item.name}`, submit: 'Change it', fields: fieldsOf(ask.item) }
    case 'finish':
      return {
        title: `${ask.item.name} is done`,
        submit: 'Mark done',
        fields: [
          {
            name: 'evidence',
            label: 'What shows it',
            hint:
              ask.item.doneWhen === ''
                ? 'A link, a drill, a commit: what somebody else can look at.'
                : `It is done when: ${ask.item.doneWhen}`,
            kind: 'prose',
          },
        ],
      }
    case 'drop':
      return {
        title: `Drop ${ask.item.name}`,
        submit: 'Drop it',
        fields: [{ name: 'reason', label: 'Why it will not be done', kind: 'prose' }],
      }
    case 'reopen':
      return {
        title: `Open ${ask.item.name} again`,
        submit: 'Open it again',
        fields: [{ name: 'reason', label: 'What is missing', kind: 'prose' }],
      }
  }
}

function fieldsOf(item: ItemData | undefined): readonly FormField[] {
  return [
    {
      name: 'title',
      label: 'What is to be done',
      hint: 'Begin with a verb: one thing that one person can finish.',
      kind: 'line',
      start: item?.title ?? '',
    },
    {
      name: 'kind',
      label: 'What it is meant to do',
      kind: 'choice',
      start: item?.kind ?? '',
      options: [
        { value: '', label: 'Not said yet' },
        ...KINDS.map((value) => ({ value, label: KIND_MEANINGS[value] })),
      ],
    },
    { name: 'ownerId', label: 'Owner', kind: 'person', start: item?.ownerId ?? '' },
    { name: 'dueOn', label: 'Due on', kind: 'day', start: item?.dueOn ?? '' },
    {
      name: 'doneWhen',
      label: 'Done when',
      hint: 'How somebody else can see that it is done.',
      kind: 'prose',
      start: item?.doneWhen ?? '',
    },
    {
      name: 'externalUrl',
      label: 'Issue',
      hint: 'Its https address at GitHub, Jira or elsewhere. Optional.',
      kind: 'line',
      start: item?.externalUrl ?? '',
    },
  ]
}

function saysOf(values: Values) {
  const { title = '', kind = '', ownerId = '', dueOn = '', doneWhen = '', externalUrl = '' } = values
  return {
    title,
    kind: KINDS.find((one) => one === kind) ?? null,
    ownerId: ownerId === '' ? null : ownerId,
    dueOn: dueOn === '' ? null : dueOn,
    doneWhen,
    externalUrl,
  }
}

// What the person did not touch is not sent: somebody else may have changed it meanwhile.
function changedOf(item: ItemData, says: ReturnType<typeof saysOf>): Partial<ReturnType<typeof saysOf>> {
  const names = Object.keys(says) as (keyof typeof says)[]
  return Object.fromEntries(
    names.filter((name) => says[name] !== item[name]).map((name) => [name, says[name]]),
  )
}

function homeOf(home: ItemHome): { readonly incidentId?: string; readonly postmortemId?: string } {
  return home ?? {}
}

function sendOf(
  ask: ItemAsk,
  { values, version, send }: { readonly values: Values; readonly version: number; readonly send: Send },
): Promise<unknown> {
  if (ask.kind === 'add') return send('action-items.add', { ...saysOf(values), ...homeOf(ask.home) })
  const at = { id: ask.item.id, version }
  const { evidence = '', reason = '' } = values
  switch (ask.kind) {
    case 'change':
      return send('action-items.change', { ...at, ...changedOf(ask.item, saysOf(values)) })
    case 'finish':
      return send('action-items.finish', { ...at, evidence })
    case 'drop':
      return send('action-items.drop', { ...at, reason })
    case 'reopen':
      return send('action-items.reopen', { ...at, reason })
  }
}
