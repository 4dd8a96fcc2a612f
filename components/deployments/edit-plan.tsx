'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { DialogFoot } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { TextArea } from '@/components/ui/text-area'
import { type Moved, movedSince, type PlanTexts, takenOver, textsOf } from './edit-texts'
import type { PageData } from './types'
import { useDeploymentCommand } from './use-deployment-command'

/** EditPlan changes a plan; what people approved of the old one is void, and the fields are named. */
export function EditPlan({
  page,
  onClose,
}: {
  readonly page: PageData
  readonly onClose: () => void
}): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  // The page is read again under the open dialog: what is edited is the plan that was taken up.
  const [seen, setSeen] = useState(page)
  const { plan } = seen
  const taken = textsOf(plan)
  const [typed, setTyped] = useState(taken)
  const type = (change: Partial<PlanTexts>): void => setTyped({ ...typed, ...change })
  const now = textsOf(page.plan)
  const moved = movedSince({ taken, typed, now })
  const steps = readSteps(typed.percents)
  function takeOver(): void {
    setTyped(takenOver({ taken, typed, now }))
    setSeen(page)
  }
  async function save(): Promise<void> {
    if (steps === undefined) return
    const done = await send('deployments.revise', {
      number: seen.number,
      seenRevision: seen.revision,
      seenVersion: seen.version,
      ...(typed.tag === taken.tag ? {} : { tag: typed.tag }),
      ...(typed.startAt === taken.startAt ? {} : { startAt: `${typed.startAt}:00.000Z` }),
      ...(typed.percents === taken.percents ? {} : { steps }),
      ...(typed.bake === taken.bake ? {} : { bakeMinutes: Number(typed.bake) }),
      ...(typed.keepWarm === taken.keepWarm ? {} : { keepWarm: typed.keepWarm }),
      ...(typed.isAtOnce === taken.isAtOnce ? {} : { isAtOnce: typed.isAtOnce }),
      ...(typed.notes === taken.notes ? {} : { notes: typed.notes }),
    })
    if (done) onClose()
  }
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Field label="Version" hint="Its digest is asked of the registry.">
        {(control) => (
          <Input {...control} value={typed.tag} onChange={(event) => type({ tag: event.target.value })} />
        )}
      </Field>
      <Field label="Start, UTC">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={typed.startAt}
            onChange={(event) => type({ startAt: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Steps"
        hint="Percent:minutes, the last is 100."
        {...(steps === undefined ? { error: 'Write steps such as 10:10, 50:5, 100:10.' } : {})}
      >
        {(control) => (
          <Input
            {...control}
            value={typed.percents}
            onChange={(event) => type({ percents: event.target.value })}
          />
        )}
      </Field>
      <Field label="Bake, minutes">
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            value={typed.bake}
            onChange={(event) => type({ bake: event.target.value })}
          />
        )}
      </Field>
      <Checkbox
        label={`Keep ${plan.rollback.tag} warm until the bake ends`}
        checked={typed.keepWarm}
        onChange={(event) => type({ keepWarm: event.target.checked })}
      />
      <Checkbox
        label="100 % at once, no canary (a manager’s tick)"
        checked={typed.isAtOnce}
        onChange={(event) => type({ isAtOnce: event.target.checked })}
      />
      <Field label="Notes" hint="What changes, for whoever approves.">
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            value={typed.notes}
            onChange={(event) => type({ notes: event.target.value })}
          />
        )}
      </Field>
      <MovedNote moved={moved} onTakeOver={takeOver} />
      <p className="text-12 text-ink-3">
        Approvals of revision {seen.revision} are void when anything differs.
      </p>
      <DialogFoot problem={problem} busy={busy} deed="Save the plan" onClose={onClose} />
    </form>
  )
}

type Step = PageData['plan']['steps'][number]

function MovedNote({
  moved,
  onTakeOver,
}: {
  readonly moved: readonly Moved[]
  readonly onTakeOver: () => void
}): ReactNode {
  if (moved.length === 0) return null
  return (
    <div role="status" className="grid gap-2 border-l-2 border-accent pl-3 text-13">
      <p className="font-medium">Somebody changed the plan while you edit it</p>
      <ul>
        {moved.map(({ key, name, to, isMine }) => (
          <li key={key} className="break-words text-ink-2">
            {name} → {to === '' ? 'empty' : to}
            {isMine ? '; you typed there too, and yours stays in the field' : ''}
          </li>
        ))}
      </ul>
      <div>
        <Button onClick={onTakeOver}>Go on from the newest plan</Button>
      </div>
    </div>
  )
}

function readSteps(text: string): Step[] | undefined {
  const steps = text.split(',').map((part) => {
    const match = /^\s*(\d{1,3})\s*:\s*(\d{1,4})\s*$/.exec(part)
    return match ? { percent: Number(match[1]), minutes: Number(match[2]) } : undefined
  })
  return steps.every((it) => it !== undefined) ? (steps as Step[]) : undefined
}
