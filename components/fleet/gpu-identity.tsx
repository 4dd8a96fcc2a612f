import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { fieldOf, looseNumber, looseText, secondsOf } from './loose'
import { strikeWords } from './strike-words'

/** InstanceDetail is the answer of health.instanceDetail as it arrives. */
export type InstanceDetail = Wire<QueryResult<'health.instanceDetail'>>

/** GpuIdentity is which piece of hardware this is, and what stands against it over all rentals. */
export function GpuIdentity({
  detail,
  uuid,
  agentGpu,
}: {
  readonly detail: InstanceDetail
  readonly uuid: string | undefined
  readonly agentGpu: unknown
}): ReactNode {
  const { listed, strikes } = detail
  const machine = fieldOf(listed, 'machineId')
  const own = strikes.filter((strike) => strike.gpuUuid === null || strike.gpuUuid === uuid)
  const others = strikes.length - own.length
  return (
    <section aria-label="Hardware and strikes">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">Hardware and strikes</h3>
      <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 text-12 [&>dt]:text-ink-3">
        <dt>Card</dt>
        <dd className="truncate font-mono">{uuid ?? 'serial not told'}</dd>
        <dt>Machine, host</dt>
        <dd className="font-mono">
          {typeof machine === 'string' && machine !== '' ? machine : 'unknown'},{' '}
          {String(fieldOf(listed, 'hostId') ?? 'unknown')}
        </dd>
        <dt>Driver</dt>
        <dd className="font-mono">
          {looseText(fieldOf(agentGpu, 'driverVersion')).value ??
            looseText(fieldOf(listed, 'driverVersion')).value ??
            'unknown'}
        </dd>
        <dt>PCIe width</dt>
        <dd className="font-mono">{pcieWords(agentGpu)}</dd>
      </dl>
      {own.length === 0 ? (
        <p className="pt-1.5">No strike on this card or machine.</p>
      ) : (
        <ul className="pt-1.5">
          {own.map((strike) => (
            <li
              key={`${strike.at}${strike.kind}${strike.code}`}
              className="grid grid-cols-[8rem_minmax(0,1fr)_auto] gap-x-3 border-t py-1"
            >
              <Instant at={secondsOf(strike.at)} />
              <span className="truncate" title={strike.detail}>
                {strikeWords(strike)}
              </span>
              <span className="text-12 text-ink-3">
                {strike.instanceId === detail.id ? 'this rental' : 'before'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {others > 0 ? (
        <p className="pt-1 text-12 text-ink-2">{others} more on other cards of this machine.</p>
      ) : null}
    </section>
  )
}

function pcieWords(gpu: unknown): string {
  const now = looseNumber(fieldOf(gpu, 'pcieWidthCurrent')).value
  const most = looseNumber(fieldOf(gpu, 'pcieWidthMax')).value
  if (now === undefined) return 'unknown'
  return most !== undefined && now < most ? `x${now} of x${most}: narrower than it could be` : `x${now}`
}
