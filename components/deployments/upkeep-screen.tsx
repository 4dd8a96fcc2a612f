'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { ProblemLine } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { SecretForm } from './secret-form'
import type { Me, UpkeepData } from './types'
import { useDeploymentCommand } from './use-deployment-command'

type SecretData = UpkeepData['secrets'][number]
type SizeData = UpkeepData['sizes'][number]

/** UpkeepScreen is the ledger of rotations and the proposals of other sizes. */
export function UpkeepScreen({ initial, me }: { readonly initial: UpkeepData; readonly me: Me }): ReactNode {
  const { data } = useQuery({ ...queryOf('deployments.upkeep', {}), initialData: initial })
  const mayRotate = can(me.roles, 'deployments.rotate')
  return (
    <div className="flex flex-1 flex-col gap-6 px-4 py-4 md:px-6">
      <h1 className="text-20">Secrets and sizing</h1>
      <div className="grid grid-cols-1 items-start gap-8 xl:grid-cols-2">
        <Panel title="Rotation ledger" note="names, owners and dates; never a value">
          {data.secrets.length === 0 ? (
            <p className="border-t py-2 text-13 text-ink-3">No secret is in the ledger yet.</p>
          ) : null}
          <ul>
            {data.secrets.map((secret) => (
              <SecretLine key={secret.id} secret={secret} mayRotate={mayRotate} />
            ))}
          </ul>
          {mayRotate ? <SecretForm services={data.services} /> : null}
        </Panel>
        <Panel title="Sizing" note="proposals from sustained signals; nothing is changed by itself">
          {data.sizes.length === 0 ? (
            <p className="border-t py-2 text-13 text-ink-3">
              Nothing has stayed above its limit for fifteen minutes: CPU 70 %, memory 70 %, p95 500 ms.
            </p>
          ) : null}
          <ul>
            {data.sizes.map((size) => (
              <SizeLine key={size.id} size={size} mayDecide={can(me.roles, 'deployments.size')} />
            ))}
          </ul>
        </Panel>
      </div>
    </div>
  )
}

function SecretLine({
  secret,
  mayRotate,
}: {
  readonly secret: SecretData
  readonly mayRotate: boolean
}): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const { id, version } = secret
  const rotate = (step: 'begin' | 'restarted' | 'finish', consumer?: string): void => {
    void send('deployments.rotate', {
      secret: id,
      version,
      step,
      ...(consumer === undefined ? {} : { consumer }),
    })
  }
  const isLoud = secret.standing === 'overdue' || secret.standing === 'due_soon'
  const waiting = secret.consumers.filter(({ restartedAtMs }) => restartedAtMs === undefined)
  return (
    <li className="grid grid-cols-1 gap-1 border-t py-2 text-13">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <b className="font-mono text-12 font-semibold break-all">{secret.name}</b>
        <span className="text-ink-3">
          {secret.service}, {secret.environment}, owner {secret.owner}
        </span>
        <span
          className={
            isLoud
              ? 'ml-auto flex items-center gap-1.5 text-warn'
              : 'ml-auto flex items-center gap-1.5 text-ink-2'
          }
        >
          <StateMark mark={isLoud ? 'warning' : 'clear'} className="size-3" />
          {secret.words}
        </span>
      </p>
      <p className="text-12 text-ink-3">
        Rotated <Instant at={secret.rotatedAtMs / 1000} />, due <Instant at={secret.dueAtMs / 1000} />
        {secret.dualUntilMs === undefined ? null : (
          <>
            , both good until <Instant at={secret.dualUntilMs / 1000} />
          </>
        )}
        {secret.last === '' ? '' : ` · ${secret.last}`}
      </p>
      {mayRotate ? (
        <div className="flex flex-wrap gap-2">
          {secret.standing === 'rotating' ? (
            waiting.map(({ name }) => (
              <Button key={name} size="small" busy={busy} onClick={() => rotate('restarted', name)}>
                {name} restarted
              </Button>
            ))
          ) : secret.standing === 'consumers_updated' ? (
            <Button size="small" busy={busy} onClick={() => rotate('finish')}>
              The old value is removed
            </Button>
          ) : (
            <Button size="small" busy={busy} onClick={() => rotate('begin')}>
              Begin a rotation
            </Button>
          )}
        </div>
      ) : null}
      <ProblemLine problem={problem} />
    </li>
  )
}

function SizeLine({ size, mayDecide }: { readonly size: SizeData; readonly mayDecide: boolean }): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [reason, setReason] = useState('')
  const values = size.samples.flatMap(({ value }) => (value === null ? [] : [value]))
  const top = Math.max(1, ...values)
  const points = size.samples
    .map(({ value }, at) => (value === null ? undefined : `${at},${20 - (20 * value) / top}`))
    .filter((it) => it !== undefined)
  return (
    <li className="grid grid-cols-1 gap-2 border-t py-2 text-13">
      <p className="break-words">
        <b className="font-semibold">{size.service}</b> {size.environment}: {size.words}
      </p>
      <svg
        role="img"
        aria-label={`${size.rule} of ${size.service}, the last ${size.samples.length} minutes`}
        viewBox={`0 0 ${Math.max(1, size.samples.length - 1)} 20`}
        preserveAspectRatio="none"
        className="h-6 w-full"
      >
        <polyline
          points={points.join(' ')}
          fill="none"
          className="stroke-ink-2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      {size.state === 'open' && mayDecide ? (
        <div className="flex flex-wrap items-end gap-2">
          <Field label="Why" className="min-w-0 flex-1 basis-48">
            {(control) => (
              <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
            )}
          </Field>
          <Button
            size="small"
            busy={busy}
            onClick={() => void send('deployments.decideSize', { proposal: size.id, take: true, reason })}
          >
            Take it
          </Button>
          <Button
            size="small"
            busy={busy}
            onClick={() => void send('deployments.decideSize', { proposal: size.id, take: false, reason })}
          >
            Leave it
          </Button>
        </div>
      ) : (
        <p className="text-12 text-ink-3">
          {size.state === 'open' ? 'open' : `${size.state} by @${size.decidedBy}: ${size.decidedWhy}`}
        </p>
      )}
      <ProblemLine problem={problem} />
    </li>
  )
}
