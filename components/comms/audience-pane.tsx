'use client'

import type { ReactNode } from 'react'
import type { Me } from '@/components/incidents/types'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { can } from '@/lib/access/permissions'
import { factsFor } from '@/lib/publications/compose'
import type { Situation } from '@/lib/publications/situation'
import { ChannelPreview } from './channel-preview'
import { FactText } from './fact-text'
import { Findings } from './findings'
import { offAtFirst } from './panes'
import type { Pane } from './types'
import type { Composer } from './use-composer'
import { useMessageCommand } from './use-message-command'
import { AUDIENCE_TITLES } from './words'

/** AudiencePane is one audience's text with what stands against it, what it leaves out, and how it will be shown. */
export function AudiencePane({
  pane,
  composer,
  situation,
  me,
  onFocus,
}: {
  readonly pane: Pane
  readonly composer: Composer
  readonly situation: Situation
  readonly me: Me
  readonly onFocus: () => void
}): ReactNode {
  const { audience, message, judgement, ways } = pane
  const title = AUDIENCE_TITLES[audience]
  const around = { message, facts: factsFor(situation, audience), nowMs: composer.now.getTime() }
  const off = composer.kept.off ?? offAtFirst(situation)
  return (
    <section
      aria-label={title}
      className="grid min-w-0 content-start gap-3 px-4 py-4 md:px-6"
      onFocus={onFocus}
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Checkbox
          label={<span className="font-medium">{title}</span>}
          checked={pane.isOn}
          disabled={pane.shut !== ''}
          onChange={(event) =>
            composer.pick({
              off: event.target.checked ? off.filter((one) => one !== audience) : [...off, audience],
            })
          }
        />
        <span className="min-w-0 truncate text-12 text-ink-2">{waysOf(pane)}</span>
        <span className="ml-auto text-12 text-ink-3">{judgement.body.length} characters</span>
      </header>
      <Shut pane={pane} situation={situation} me={me} />
      <FactText
        field="title"
        of={title}
        text={message.title}
        around={around}
        onText={(text) => composer.edit(audience, { title: text })}
      />
      <FactText
        field="body"
        of={title}
        text={message.body}
        around={around}
        onText={(text) => composer.edit(audience, { body: text })}
      />
      {pane.isEdited ? (
        <p className="flex flex-wrap items-center gap-2 text-12 text-ink-2">
          Yours: it stays as you wrote it.
          <Button size="small" variant="quiet" onClick={() => composer.reset(audience)}>
            Back to the template
          </Button>
        </p>
      ) : null}
      <Findings pane={pane} composer={composer} />
      {audience === 'public' && pane.hidden.length > 0 ? (
        <p className="text-12 text-ink-2">
          <span className="text-ink-3">Left out:</span> {pane.hidden.join(', ')}.
        </p>
      ) : null}
      <ChannelPreview pane={pane} situation={situation} now={composer.now} />
      {ways.some(({ problem }) => problem !== '') ? (
        <p className="text-12 text-warn">
          {ways
            .filter(({ problem }) => problem !== '')
            .map(({ name, problem }) => `${name} is paused: ${problem}`)
            .join('. ')}
          . It gets this as soon as it works again.
        </p>
      ) : null}
    </section>
  )
}

/** Shut says why this person can't tell an audience, with the way to change it where they may. */
function Shut({
  pane: { shut },
  situation,
  me,
}: {
  readonly pane: Pane
  readonly situation: Situation
  readonly me: Me
}): ReactNode {
  const { busy, problem, send } = useMessageCommand()
  const mayOpen = situation.incident.visibility === 'internal' && can(me.roles, 'incidents.command')
  if (shut === '') return null
  return (
    <p className="flex flex-wrap items-center gap-2 text-12 text-ink-2" role="note">
      {shut}
      {mayOpen ? (
        <Button
          size="small"
          busy={busy}
          onClick={() =>
            void send('incidents.setVisibility', {
              id: situation.incidentId,
              version: situation.version,
              to: 'public',
            })
          }
        >
          Make it public
        </Button>
      ) : null}
      {problem === undefined ? null : (
        <span role="alert" className="text-breach">
          {problem.detail}
        </span>
      )}
    </p>
  )
}

function waysOf({ audience, ways }: Pane): string {
  const names = ways.map(({ name }) => name)
  const all = audience === 'public' ? ['status page', ...names] : names
  return all.length === 0 ? 'no channel: it is kept in the record' : all.join(', ')
}
