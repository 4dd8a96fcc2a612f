'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { HatchPattern } from '@/components/ui/hatch-pattern'
import { laterInBrowser } from '@/components/ui/later'
import { can, type Role } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { Decisions } from './decisions'
import { ExposureChart } from './exposure-chart'
import { GateTable } from './gate-table'
import { Notices } from './notices'
import { RolloutHead } from './rollout-head'
import { StepRail } from './step-rail'
import { Triggers } from './triggers'
import type { Deed, RolloutData } from './types'

const NotYet = laterInBrowser(() => import('./not-yet').then((it) => it.NotYet))
const DeedDialog = laterInBrowser(() => import('./deed-dialog').then((it) => it.DeedDialog))
const EVERY_MS = 5_000

/** RolloutScreen is a deployment under way, for everybody at the same time: where it stands, what decides next, and what may be done. */
export function RolloutScreen({
  number,
  initial,
  roles,
}: {
  readonly number: number
  readonly initial: RolloutData | null
  readonly roles: readonly Role[]
}): ReactNode {
  const { data } = useQuery({
    ...queryOf('rollouts.one', { number }),
    initialData: initial,
    refetchInterval: EVERY_MS,
  })
  const [deed, setDeed] = useState<Deed | undefined>(undefined)
  const maySteer = can(roles, 'rollouts.steer')
  useRolloutKeys(data, maySteer, setDeed)
  if (!data) return <NotYet number={number} roles={roles} />
  const { view } = data
  return (
    <div className="flex flex-1 flex-col gap-4 px-4 py-4 md:px-6">
      <HatchPattern />
      <RolloutHead view={view} incident={data.incident} maySteer={maySteer} onDeed={setDeed} />
      <StepRail view={view} />
      <ExposureChart view={view} />
      <div className="grid grid-cols-1 gap-6 border-t border-line pt-3 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Triggers view={view} />
        <div className="grid grid-cols-1 content-start gap-5">
          <GateTable view={view} />
          <Notices data={data} maySay={maySteer} />
        </div>
      </div>
      <Decisions number={number} data={data} />
      {deed === undefined ? null : <DeedDialog view={view} deed={deed} onClose={() => setDeed(undefined)} />}
    </div>
  )
}

function useRolloutKeys(data: RolloutData | null, maySteer: boolean, open: (deed: Deed) => void): void {
  const may = data?.view.may
  const canBack = maySteer && may?.rollBack === null
  const canPause = maySteer && may?.pause === null
  // biome-ignore lint/correctness/useExhaustiveDependencies: `open` is a setter of state
  const actions = useMemo((): readonly Action[] => {
    const all: Action[] = []
    if (canBack)
      all.push({
        id: 'rollouts.roll-back',
        title: 'Roll back now',
        group: 'On this page',
        keys: 'b',
        run: () => open('rollBack'),
      })
    if (canPause)
      all.push({
        id: 'rollouts.pause',
        title: 'Pause the rollout',
        group: 'On this page',
        keys: 'p',
        run: () => open('pause'),
      })
    return all
  }, [canBack, canPause])
  useActions(actions)
}
