'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { DialogFoot } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { changesSince } from '@/lib/rollouts/stand'
import type { Deed, View } from './types'
import { useRolloutCommand } from './use-rollout-command'

const TITLES: Readonly<Record<Deed, string>> = {
  pause: 'Pause the rollout',
  resume: 'Resume the rollout',
  promote: 'Ask the gate now',
  abort: 'Abort the rollout',
  rollBack: 'Roll back now',
  extend: 'Give it more time',
  accept: 'Accept the doubt',
  nextRung: 'Take the next rung',
  resolve: 'Close the way back',
}

const MEANS: Readonly<Record<Deed, string>> = {
  pause: 'It stays where it is. Its triggers stay armed and may still roll it back.',
  resume:
    'It goes on at the same step; its clocks were not reset. What a rule stopped is resumed by somebody else than the requester.',
  promote: 'The watch ends early. Every condition of the gate is still asked.',
  abort: 'If nobody met the new version it is cancelled; otherwise it goes back.',
  rollBack:
    'The recorded stable version comes back everywhere. No window, freeze or approval stands in the way.',
  extend: 'The step waits longer for evidence before it counts as undecided.',
  accept: 'You take the doubt on you, with your name. A pending trigger can’t be accepted.',
  nextRung: 'The last rung scales to zero: the service goes offline until somebody starts it again.',
  resolve: 'You saw the stable version run. Say where.',
}

const STOPS: readonly Deed[] = ['pause', 'abort', 'rollBack']

function waitsFor(reason: string, changes: string): string | undefined {
  if (changes !== '') return 'waits for your look at what changed'
  return reason.trim().length < 10 ? 'waits for the reason' : undefined
}

/** DeedDialog asks why before a rollout is steered; what it means stands above the button. */
export function DeedDialog({
  view,
  deed,
  onClose,
}: {
  readonly view: View
  readonly deed: Deed
  readonly onClose: () => void
}): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState('15')
  const [cause, setCause] = useState<'person' | 'corruption' | 'security'>('person')
  // The page behind goes on living: what is decided is what stood here when the dialog opened.
  const [seen, setSeen] = useState(view)
  const changes = STOPS.includes(deed) ? '' : changesSince(seen.stand, view.stand)
  async function submit(): Promise<void> {
    const stopping = { number: view.number, reason }
    const base = { ...stopping, seen: seen.stand }
    const done = await (() => {
      switch (deed) {
        case 'pause':
          return send('rollouts.pause', stopping)
        case 'resume':
          return send('rollouts.resume', base)
        case 'promote':
          return send('rollouts.promote', base)
        case 'abort':
          return send('rollouts.abort', stopping)
        case 'rollBack':
          return send('rollouts.roll-back', { ...stopping, cause })
        case 'extend':
          return send('rollouts.extend', { ...base, minutes: Number(minutes) })
        case 'accept':
          return send('rollouts.accept', base)
        case 'nextRung':
          return send('rollouts.next-rung', base)
        case 'resolve':
          return send('rollouts.resolve', base)
      }
    })()
    if (done) onClose()
  }
  return (
    <Dialog open onClose={onClose} title={TITLES[deed]}>
      <form
        className="grid grid-cols-1 gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <p className="text-13 break-words text-ink-2">
          {seen.sentence} {MEANS[deed]}
        </p>
        {changes === '' ? null : (
          <p
            role="alert"
            className="grid grid-cols-1 justify-items-start gap-2 text-13 break-words text-breach"
          >
            Since you opened this: {changes}. {view.sentence}
            <Button size="small" onClick={() => setSeen(view)}>
              Decide on how it is now
            </Button>
          </p>
        )}
        {deed === 'rollBack' ? (
          <Field label="Because of">
            {(control) => (
              <Select
                {...control}
                value={cause}
                onChange={(event) => setCause(event.target.value as typeof cause)}
              >
                <option value="person">what I see</option>
                <option value="corruption">corrupted data</option>
                <option value="security">a security issue</option>
              </Select>
            )}
          </Field>
        ) : null}
        {deed === 'extend' ? (
          <Field label="Minutes">
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={minutes}
                onChange={(event) => setMinutes(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <Field label="Why" hint="At least ten characters. It stays on record.">
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <DialogFoot
          problem={problem}
          busy={busy}
          deed={TITLES[deed]}
          waitsFor={waitsFor(reason, changes)}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
