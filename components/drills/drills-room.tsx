'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { StateMark } from '@/components/ui/state-mark'
import { Table } from '@/components/ui/table'
import { queryOf } from '@/lib/client/api'
import { ExportList } from './export-list'
import { GoingDrill } from './going-drill'
import { PastDrills } from './past-drills'
import { ScenarioRow } from './scenario-row'
import type { ShelfData } from './types'

/** DrillsRoom lists what can be practised, holds the drill that goes on, and keeps the scores. */
export function DrillsRoom({
  initial,
  mayRun,
  mayExport,
}: {
  readonly initial: ShelfData
  readonly mayRun: boolean
  readonly mayExport: boolean
}): ReactNode {
  const { data } = useQuery({ ...queryOf('drills.list', {}), initialData: initial })
  const { current, scenarios, whyNot, faults, past } = data
  return (
    <div className="flex flex-1 flex-col gap-8 px-4 py-4 md:px-6">
      <header className="grid gap-1">
        <h1 className="text-20">Drills</h1>
        <p className="text-ink-2">
          {scenarios.length} scenarios to practise on. A drill plays in the simulated world while people work
          on the real screens.
        </p>
        {whyNot === null ? null : (
          <p role="note" className="flex items-start gap-2 pt-2">
            <StateMark mark="unknown" className="mt-1 size-3" />
            {whyNot}
          </p>
        )}
      </header>
      {current === null ? null : <GoingDrill drill={current} mayRun={mayRun} />}
      <div className="grid items-start gap-8 xl:grid-cols-[3fr_2fr]">
        <Panel title="To practise on" note="what is true stays folded">
          {faults.map((fault) => (
            <p key={fault} className="border-t py-1.5 font-mono text-12 text-breach">
              {fault}
            </p>
          ))}
          <Table label="Scenarios">
            <thead>
              <tr>
                <th>No.</th>
                <th>What participants are told, and what it trains</th>
                <th className="max-md:hidden">Difficulty</th>
                <th className="num max-md:hidden">Until it can be known</th>
                <th>
                  <span className="sr-only">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {scenarios.map((scenario) => (
                <ScenarioRow
                  key={scenario.number}
                  scenario={scenario}
                  mayRun={mayRun && whyNot === null}
                  whyNot={current === null ? undefined : 'one at a time'}
                />
              ))}
            </tbody>
          </Table>
        </Panel>
        <div className="grid gap-8">
          <PastDrills past={past} />
          {mayExport ? <ExportList /> : null}
        </div>
      </div>
    </div>
  )
}
