'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { Shelved } from './types'
import { useDrillCommand } from './use-drill-command'

const SPEEDS = [1, 2, 5, 10, 30, 60] as const

/** StartForm begins one drill at a speed; the incident is declared by the drill or by people. */
export function StartForm({
  scenario,
  onClose,
}: {
  readonly scenario: Shelved
  readonly onClose: () => void
}): ReactNode {
  const router = useRouter()
  const { busy, send } = useDrillCommand()
  const [speed, setSpeed] = useState('1')
  const [declares, setDeclares] = useState<'drill' | 'people'>('drill')
  async function begin(): Promise<void> {
    const begun = await send('drills.start', { scenario: scenario.id, speed: Number(speed), declares })
    if (!begun) return
    onClose()
    if (begun.incident !== null) router.push(`/incidents/${begun.incident}`)
  }
  return (
    <form
      aria-label={`Begin drill ${scenario.number}`}
      className="flex flex-wrap items-end gap-3 border-t bg-sunk p-3"
      onSubmit={(event) => {
        event.preventDefault()
        void begin()
      }}
    >
      <Field label="Speed" hint="Shortens waits and clocks; sources take their time.">
        {(control) => (
          <Select {...control} value={speed} onChange={(event) => setSpeed(event.target.value)}>
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="The incident is declared" hint="By people counts for the score.">
        {(control) => (
          <Select
            {...control}
            value={declares}
            onChange={(event) => setDeclares(event.target.value === 'people' ? 'people' : 'drill')}
          >
            <option value="drill">by the drill, at once</option>
            <option value="people">by people</option>
          </Select>
        )}
      </Field>
      <Button type="submit" variant="primary" busy={busy}>
        Begin
      </Button>
      <Button variant="quiet" onClick={onClose}>
        Not now
      </Button>
    </form>
  )
}
