'use client'

import { type ReactNode, useState } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { DialogFoot } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
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
  const { plan } = page
  const { busy, problem, send } = useDeploymentCommand()
  const [tag, setTag] = useState(plan.artifacts[0]?.tag ?? '')
  const [startAt, setStartAt] = useState(plan.window.startAt.slice(0, 16))
  const [percents, setPercents] = useState(stepsText(plan.steps))
  const [bake, setBake] = useState(String(plan.bakeMinutes))
  const [keepWarm, setKeepWarm] = useState(plan.rollback.keepWarm)
  const [isAtOnce, setAtOnce] = useState(plan.isAtOnce)
  const steps = readSteps(percents)
  async function save(): Promise<void> {
    if (steps === undefined) return
    const done = await send('deployments.revise', {
      number: page.number,
      seenRevision: page.revision,
      ...(tag === plan.artifacts[0]?.tag ? {} : { tag }),
      ...(startAt === plan.window.startAt.slice(0, 16) ? {} : { startAt: `${startAt}:00.000Z` }),
      ...(percents === stepsText(plan.steps) ? {} : { steps }),
      ...(Number(bake) === plan.bakeMinutes ? {} : { bakeMinutes: Number(bake) }),
      ...(keepWarm === plan.rollback.keepWarm ? {} : { keepWarm }),
      ...(isAtOnce === plan.isAtOnce ? {} : { isAtOnce }),
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
        {(control) => <Input {...control} value={tag} onChange={(event) => setTag(event.target.value)} />}
      </Field>
      <Field label="Start, UTC">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={startAt}
            onChange={(event) => setStartAt(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Steps"
        hint="Percent:minutes, the last is 100."
        {...(steps === undefined ? { error: 'Write steps such as 10:10, 50:5, 100:10.' } : {})}
      >
        {(control) => (
          <Input {...control} value={percents} onChange={(event) => setPercents(event.target.value)} />
        )}
      </Field>
      <Field label="Bake, minutes">
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            value={bake}
            onChange={(event) => setBake(event.target.value)}
          />
        )}
      </Field>
      <Checkbox
        label={`Keep ${plan.rollback.tag} warm until the bake ends`}
        checked={keepWarm}
        onChange={(event) => setKeepWarm(event.target.checked)}
      />
      <Checkbox
        label="100 % at once, no canary (a manager’s tick)"
        checked={isAtOnce}
        onChange={(event) => setAtOnce(event.target.checked)}
      />
      <p className="text-12 text-ink-3">
        Approvals of revision {page.revision} are void when anything differs.
      </p>
      <DialogFoot problem={problem} busy={busy} deed="Save the plan" onClose={onClose} />
    </form>
  )
}

type Step = PageData['plan']['steps'][number]

function stepsText(steps: readonly Step[]): string {
  return steps.map(({ percent, minutes }) => `${percent}:${minutes}`).join(', ')
}

function readSteps(text: string): Step[] | undefined {
  const steps = text.split(',').map((part) => {
    const match = /^\s*(\d{1,3})\s*:\s*(\d{1,4})\s*$/.exec(part)
    return match ? { percent: Number(match[1]), minutes: Number(match[2]) } : undefined
  })
  return steps.every((it) => it !== undefined) ? (steps as Step[]) : undefined
}
