'use client'

import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { queryOf } from '@/lib/client/api'
import { StartForm } from './start-form'
import type { Shelved } from './types'
import { DIFFICULTIES, skillWords } from './words'

const COLUMNS = 5

/** ScenarioRow is one scenario: what participants are told, and, only when asked, what it holds. */
export function ScenarioRow({
  scenario,
  whyNot,
  mayRun,
}: {
  readonly scenario: Shelved
  /** whyNot says why it can't be begun now; undefined when it can. */
  readonly whyNot: string | undefined
  readonly mayRun: boolean
}): ReactNode {
  const [shown, setShown] = useState<'nothing' | 'start' | 'spoiler'>('nothing')
  const toggle = (what: 'start' | 'spoiler'): void => setShown(shown === what ? 'nothing' : what)
  const name = `Drill ${scenario.number}`
  return (
    <Fragment>
      <tr className="hover:bg-raise">
        <td className="font-mono">{scenario.number}</td>
        <td className="whitespace-normal md:min-w-64">
          {scenario.brief}
          <span className="block text-12 text-ink-2">{skillWords(scenario.trains)}</span>
        </td>
        <td className="max-md:hidden">{DIFFICULTIES[scenario.difficulty ?? 0]}</td>
        <td className="num font-mono max-md:hidden">{scenario.minutes} min</td>
        <td>
          <div className="flex justify-end gap-1 max-md:flex-col-reverse max-md:items-stretch">
            <Button
              size="small"
              variant="quiet"
              aria-expanded={shown === 'spoiler'}
              aria-label={`Spoiler of ${name}`}
              onClick={() => toggle('spoiler')}
            >
              Spoiler
            </Button>
            {mayRun && scenario.kind === 'story' ? (
              <Button
                size="small"
                waitsFor={whyNot}
                aria-expanded={shown === 'start'}
                aria-label={`Begin ${name}`}
                onClick={() => toggle('start')}
              >
                Begin
              </Button>
            ) : null}
          </div>
        </td>
      </tr>
      {shown === 'nothing' ? null : (
        <tr>
          <td colSpan={COLUMNS} className="p-0 whitespace-normal">
            {shown === 'start' ? (
              <StartForm scenario={scenario} onClose={() => setShown('nothing')} />
            ) : (
              <Spoiler scenario={scenario.id} />
            )}
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function Spoiler({ scenario }: { readonly scenario: string }): ReactNode {
  const query = useQuery(queryOf('drills.spoiler', { scenario }))
  if (query.isPending) return <p className="p-3 text-ink-2">Reading …</p>
  if (query.isError) return <p className="p-3 text-breach">{query.error.message}</p>
  const { title, description, leaves } = query.data
  return (
    <div className="grid gap-1 bg-sunk p-3">
      <p className="font-medium">{title}</p>
      <p className="text-ink-2">{description}</p>
      <p className="font-mono text-12">{leaves.join(' · ')}</p>
    </div>
  )
}
