import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Table } from '@/components/ui/table'
import { clockOf } from '@/lib/postmortems/instants'
import { DocumentSection } from './document-section'
import type { PostmortemData } from './types'

type FrozenRecord = PostmortemData['record']

/** TriageSection is the path that the trees took, with verdicts, evidence, and where a person answered in place of the machine. */
export function TriageSection({ triage }: { readonly triage: FrozenRecord['triage'] }): ReactNode {
  return (
    <DocumentSection id="triage" title="Triage" aside={triage.note}>
      {triage.path.length === 0 ? (
        <p className="text-ink-3">
          No path was taken: {triage.note.toLowerCase() || 'triage asked nothing'}.
        </p>
      ) : (
        <ol aria-label="Path of triage" className="border-t">
          {triage.path.map((step) => (
            <li
              key={step.question}
              className="grid grid-cols-1 gap-x-3 border-b py-2 sm:grid-cols-[minmax(0,1fr)_auto]"
            >
              <p className="min-w-0 break-words">
                {step.title}
                <span className="block text-12 text-pretty text-ink-2">{step.evidence}</span>
                {step.override === null ? null : (
                  <span className="block text-12 text-pretty text-accent">
                    @{step.override.by} answered {step.override.answer} at {clockOf(step.override.atMs)}, in
                    place of the machine’s {step.machine}: {step.override.reason}
                  </span>
                )}
              </p>
              <b className="font-semibold">{step.verdict}</b>
            </li>
          ))}
        </ol>
      )}
      {triage.causes.length === 0 ? null : (
        <p className="text-12 break-words text-ink-2">
          Causes as they stood: {triage.causes.map(({ title, state }) => `${title} (${state})`).join('; ')}.
        </p>
      )}
    </DocumentSection>
  )
}

/** ActionsSection is what was done to the world, by whom, and what came of it. */
export function ActionsSection({ actions }: { readonly actions: FrozenRecord['actions'] }): ReactNode {
  return (
    <DocumentSection id="actions" title="Actions taken" aside={`${actions.length} prepared`}>
      {actions.length === 0 ? (
        <p className="text-ink-3">No action was prepared in Watchfloor.</p>
      ) : (
        <Table label="Actions taken">
          <thead>
            <tr>
              <th>UTC</th>
              <th>Action</th>
              <th>By</th>
              <th>What came of it</th>
            </tr>
          </thead>
          <tbody>
            {actions.map((action) => (
              <tr key={action.id}>
                <td className="font-mono text-12">{clockOf(action.sentAtMs ?? action.preparedAtMs)}</td>
                <td className="min-w-40 whitespace-normal">
                  {action.title}
                  <span className="block text-12 text-ink-2">
                    {action.risk}
                    {action.approvedBy === '' ? '' : `, agreed by @${action.approvedBy}`}
                    {action.isBreakGlass ? ', glass broken' : ''}
                  </span>
                </td>
                <td>@{action.by}</td>
                <td className="min-w-40 break-words whitespace-normal">
                  {action.state}
                  {action.outcome === '' ? '' : `: ${action.outcome}`}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </DocumentSection>
  )
}

/** MessagesSection is what was said to whom, and whether the promised next word came. */
export function MessagesSection({ messages }: { readonly messages: FrozenRecord['messages'] }): ReactNode {
  const kept = messages.filter((message) => message.promise === 'kept').length
  const missed = messages.filter(({ promise }) => promise === 'late' || promise === 'missed').length
  return (
    <DocumentSection
      id="messages"
      title="Messages sent"
      aside={messages.length === 0 ? undefined : `${kept} promises kept, ${missed} not`}
    >
      {messages.length === 0 ? (
        <p className="text-ink-3">Nothing was published.</p>
      ) : (
        <Table label="Messages sent">
          <thead>
            <tr>
              <th>UTC</th>
              <th>To</th>
              <th>Message</th>
              <th>Promised next</th>
            </tr>
          </thead>
          <tbody>
            {messages.map((message) => (
              <tr key={message.id}>
                <td className="font-mono text-12">{clockOf(message.atMs)}</td>
                <td>{message.audience}</td>
                <td className="min-w-48 break-words whitespace-normal">
                  {message.title}
                  <span className="block text-12 text-ink-2">
                    {message.status}, by @{message.author}
                  </span>
                </td>
                <td className="whitespace-normal">{promiseWords(message)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </DocumentSection>
  )
}

function promiseWords({ promise, promisedAtMs, lateMs }: FrozenRecord['messages'][number]): string {
  if (promisedAtMs === null) return 'nothing promised'
  const at = clockOf(promisedAtMs)
  switch (promise) {
    case 'kept':
      return `${at}, kept`
    case 'late':
      return `${at}, ${duration((lateMs ?? 0) / 1000)} late`
    case 'missed':
      return `${at}, missed`
    case 'none':
      return `${at}, resolved before`
  }
}
