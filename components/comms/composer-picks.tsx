'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { utcTime } from '@/components/time/format'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { COMPONENT_STATES, type ComponentState, STATUSES } from '@/lib/comms/model'
import { STATUS_TITLES } from '@/lib/incidents/words'
import { componentsOf, nextMinutesOf } from '@/lib/publications/compose'
import type { Situation } from '@/lib/publications/situation'
import { choicesOf } from './panes'
import type { Composer } from './use-composer'
import { COMPONENT_WORDS } from './words'

const MINUTES = [10, 15, 20, 30, 45, 60, 120, 240]

/** ComposerPicks are the choices for all audiences: phase, next update, components. */
export function ComposerPicks({
  composer,
  situation,
}: {
  readonly composer: Composer
  readonly situation: Situation
}): ReactNode {
  const { kept, pick } = composer
  const status = kept.status ?? situation.incident.status
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3 px-4 py-3 md:px-6">
      <fieldset className="grid gap-1">
        <legend className="text-12 text-ink-2">Phase</legend>
        <div className="flex flex-wrap">
          {STATUSES.map((one) => (
            <label
              key={one}
              className={clsx(
                'inline-flex h-8 cursor-pointer items-center border border-line-2 px-2.5 -ml-px first:ml-0 first:rounded-l-2 last:rounded-r-2 has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-11',
                one === status ? 'bg-ink font-medium text-bg' : 'hover:bg-raise',
              )}
            >
              <input
                type="radio"
                name="phase"
                className="sr-only"
                checked={one === status}
                onChange={() => pick({ status: one })}
              />
              {STATUS_TITLES[one]}
            </label>
          ))}
        </div>
      </fieldset>
      {status === 'resolved' ? null : (
        <NextUpdate composer={composer} minutes={nextMinutesOf(situation, status) ?? 30} />
      )}
      <Components composer={composer} situation={situation} />
    </div>
  )
}

function NextUpdate({
  composer,
  minutes,
}: {
  readonly composer: Composer
  readonly minutes: number
}): ReactNode {
  const { kept, pick, now } = composer
  const chosen = kept.nextMinutes ?? minutes
  const options = [...new Set([...MINUTES, minutes, chosen])].sort((a, b) => a - b)
  return (
    <Field label="Next update">
      {(control) => (
        <Select
          {...control}
          value={String(chosen)}
          onChange={(event) => pick({ nextMinutes: Number(event.target.value) })}
        >
          {options.map((one) => (
            <option key={one} value={one}>
              in {one < 60 ? `${one} min` : `${one / 60} h`}, {utcTime(now.getTime() + one * 60_000)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function Components({
  composer,
  situation,
}: {
  readonly composer: Composer
  readonly situation: Situation
}): ReactNode {
  const { kept, pick, now } = composer
  const shown = componentsOf(situation, choicesOf(kept, now))
  const chosen = shown.map(({ componentId, to }) => ({ componentId, to }))
  const others = situation.components.filter(({ id }) => !chosen.some((one) => one.componentId === id))
  if (situation.components.length === 0)
    return (
      <p className="self-end text-ink-2">
        No components on the public page.{' '}
        <a className="link" href="/settings/status-page">
          Add them
        </a>
      </p>
    )
  return (
    <fieldset className="grid min-w-0 content-start gap-1">
      <legend className="text-12 text-ink-2">Components</legend>
      <ul className="flex flex-wrap gap-x-4 gap-y-1.5">
        {shown.map(({ componentId, name, to }) => (
          <li key={componentId} className="flex items-center gap-1.5">
            <span className="font-medium">{name}</span>
            <Select
              aria-label={`How ${name} is`}
              value={to}
              onChange={(event) => {
                const next = event.target.value
                pick({
                  components: chosen.flatMap((one) =>
                    one.componentId !== componentId
                      ? [one]
                      : next === ''
                        ? []
                        : [{ componentId, to: next as ComponentState }],
                  ),
                })
              }}
            >
              {COMPONENT_STATES.filter((state) => state !== 'under_maintenance').map((state) => (
                <option key={state} value={state}>
                  {COMPONENT_WORDS[state]}
                </option>
              ))}
              <option value="">say nothing of it</option>
            </Select>
          </li>
        ))}
        {others.length === 0 ? null : (
          <li>
            <Select
              aria-label="Add a component"
              value=""
              onChange={(event) =>
                pick({
                  components: [...chosen, { componentId: event.target.value, to: 'degraded_performance' }],
                })
              }
            >
              <option value="">Add</option>
              {others.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </li>
        )}
      </ul>
    </fieldset>
  )
}
