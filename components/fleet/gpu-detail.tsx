'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { PanelFace } from '@/components/state/panel-face'
import { queryOf } from '@/lib/client/api'
import type { FleetView } from '@/lib/client/health-store'
import { RATINGS } from '@/lib/health/model'
import { adviceFor } from './advice'
import { GpuAgent } from './gpu-agent'
import { GpuEvents } from './gpu-events'
import { agentGpu, factsOf, throttleWords } from './gpu-facts'
import { GpuHistory } from './gpu-history'
import { GpuIdentity } from './gpu-identity'
import { GpuSpend } from './gpu-spend'
import { GpuTelemetry } from './gpu-telemetry'
import { GpuThrottle } from './gpu-throttle'
import { GpuVerdict } from './gpu-verdict'
import { RentalVerdict } from './rental-verdict'
import type { GpuPath } from './rows'
import { StateTriple } from './state-triple'

/** GpuDetail is the drawer's content: what happened, what to do, then the evidence in falling order of use. */
export function GpuDetail({
  fleet,
  version,
  row,
  gpu,
}: {
  readonly fleet: FleetView
  readonly version: number
  readonly row: number
  readonly gpu: GpuPath
}): ReactNode {
  const detail = useQuery({
    ...queryOf('health.instanceDetail', { id: gpu.instanceId }),
    refetchInterval: 15_000,
  })
  const data = detail.data
  const agent = useMemo(
    () => agentGpu(data?.agent?.report, { index: gpu.index, receivedAt: data?.agent?.receivedAt }),
    [data, gpu.index],
  )
  const telemetry = data?.telemetry
  const card = telemetry?.ok ? telemetry.gpus.find((one) => one.index === gpu.index) : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fleet's columns change in place; version says when
  const facts = useMemo(
    () => (row < 0 ? [] : factsOf({ fleet, row, agent, dcgm: card?.values })),
    [fleet, version, row, agent, card],
  )
  const failed = detail.error ? (
    <PanelFace face={failedFace(detail, 'The record of this instance could not be read.')} />
  ) : null
  const loading = detail.isPending ? <PanelFace face={{ kind: 'loading' }} /> : null

  return (
    <div className="grid [&>section]:border-t [&>section]:py-2.5">
      {row >= 0 ? <Present fleet={fleet} row={row} listed={data?.listed} /> : <Gone goneAt={data?.goneAt} />}
      {row >= 0 ? (
        <GpuTelemetry facts={facts} lost={telemetry?.ok === false ? telemetry.sentence : undefined} />
      ) : null}
      <GpuHistory gpu={gpu} />
      {row >= 0 ? <GpuThrottle xid={fleet.gpus.xid[row] ?? -1} throttle={throttleWords(agent?.gpu)} /> : null}
      {failed}
      {loading}
      {data ? (
        <>
          <GpuIdentity detail={data} uuid={card?.uuid ?? uuidOf(agent?.gpu)} agentGpu={agent?.gpu} />
          <GpuSpend
            listed={data.listed}
            gpus={row >= 0 ? (fleet.instances.gpus[fleet.gpus.instance[row] ?? 0] ?? 1) : 1}
          />
          <GpuAgent agent={data.agent} />
          <GpuEvents events={data.events} />
        </>
      ) : null}
    </div>
  )
}

function Present({
  fleet,
  row,
  listed,
}: {
  readonly fleet: FleetView
  readonly row: number
  readonly listed: Readonly<Record<string, unknown>> | null | undefined
}): ReactNode {
  const at = fleet.gpus.instance[row] ?? 0
  const rental = {
    rating: RATINGS[fleet.instances.rating[at] ?? 3] ?? ('unknown' as const),
    code: fleet.instances.code[at] ?? '',
    reason: fleet.instances.reason[at] ?? '',
  }
  const verdict = {
    rating: RATINGS[fleet.gpus.rating[row] ?? 3] ?? ('unknown' as const),
    code: fleet.gpus.code[row] ?? '',
    reason: fleet.gpus.reason[row] ?? '',
  }
  return (
    <>
      <GpuVerdict fleet={fleet} row={row} verdict={verdict} action={adviceFor(verdict)} />
      <RentalVerdict verdict={rental} action={adviceFor(rental)} />
      <StateTriple fleet={fleet} row={row} listed={listed} />
    </>
  )
}

function Gone({ goneAt }: { readonly goneAt: string | null | undefined }): ReactNode {
  return (
    <p className="py-3 text-ink-2">
      {goneAt
        ? `This instance left the provider's list at ${goneAt.slice(0, 16).replace('T', ' ')}Z. What follows is what we kept.`
        : 'The fleet does not hold this GPU now. What follows is what we kept.'}
    </p>
  )
}

function uuidOf(gpu: unknown): string | undefined {
  const uuid = (gpu as { readonly uuid?: unknown } | undefined)?.uuid
  return typeof uuid === 'string' ? uuid : undefined
}
