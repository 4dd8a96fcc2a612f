'use client'

import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { evidenceFor, HOTFIX_WORDS, type HotfixState, isOpen, nextOf } from '@/lib/rollouts/hotfix'
import type { ImagesData } from './types'
import { useRolloutCommand } from './use-rollout-command'

const EVIDENCE = {
  commit: 'The commit: its hash or link',
  digest: 'The digest of the image that holds it',
  deployment: 'The deployment that brought it: DEP-…',
  version: 'What the instance says of its version',
} as const

/** Hotfixes is what was changed by hand with its day, the digests on hold, and what tags were set to. */
export function Hotfixes({
  images,
  mayRecord,
  mayLift,
}: {
  readonly images: ImagesData
  readonly mayRecord: boolean
  readonly mayLift: boolean
}): ReactNode {
  return (
    <>
      <section aria-label="Hotfixes" className="grid grid-cols-1 gap-2">
        <h2 className="text-13 font-medium">
          Hotfixes{' '}
          <span className="font-normal text-ink-3">changes by hand on an instance, due the same day</span>
        </h2>
        {images.hotfixes.length === 0 ? <p className="text-13 text-ink-3">None was recorded.</p> : null}
        <ul className="divide-y divide-line border-y border-line text-13">
          {images.hotfixes.map((hotfix) => (
            <HotfixRow key={hotfix.id} hotfix={hotfix} mayRecord={mayRecord} />
          ))}
        </ul>
        {mayRecord ? <RecordForm /> : null}
      </section>
      <section aria-label="Digests on hold" className="grid grid-cols-1 gap-2">
        <h2 className="text-13 font-medium">Digests on hold</h2>
        {images.holds.length === 0 ? <p className="text-13 text-ink-3">None went back.</p> : null}
        <ul className="divide-y divide-line border-y border-line text-13">
          {images.holds.map((hold) => (
            <HoldRow key={hold.id} hold={hold} mayLift={mayLift} />
          ))}
        </ul>
      </section>
      <section aria-label="Tags" className="grid grid-cols-1 gap-2">
        <h2 className="text-13 font-medium">Tags that were set</h2>
        {images.promotions.length === 0 ? (
          <p className="text-13 text-ink-3">None was set from here yet.</p>
        ) : null}
        <ul className="divide-y divide-line border-y border-line text-13">
          {images.promotions.map((one) => (
            <li key={one.id} className="py-1.5 break-words">
              <Instant at={one.atMs / 1_000} /> {one.image}:{one.tag}{' '}
              <span className="font-mono text-12">
                {one.from?.slice(7, 19) ?? 'nothing'} → {one.to.slice(7, 19)}
              </span>{' '}
              {one.state} <span className="text-ink-3">{one.detail}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function Problem({ text }: { readonly text: string | undefined }): ReactNode {
  if (text === undefined) return null
  return (
    <p role="alert" className="text-13 break-words text-breach">
      {text}
    </p>
  )
}

function HotfixRow({
  hotfix,
  mayRecord,
}: {
  readonly hotfix: ImagesData['hotfixes'][number]
  readonly mayRecord: boolean
}): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const [evidence, setEvidence] = useState('')
  const state = hotfix.state as HotfixState
  const next = nextOf(state)
  const wanted = next ? evidenceFor(next) : undefined
  return (
    <li className="grid grid-cols-1 gap-1 py-2">
      <p className="break-words">
        Hotfix {hotfix.number} on <b className="font-medium">{hotfix.instance}</b> ({hotfix.service},{' '}
        {hotfix.environment}), @{hotfix.owner}: {hotfix.reason} {HOTFIX_WORDS[state]}.{' '}
        <span className={hotfix.isOverdue ? 'text-breach' : 'text-ink-3'}>
          {hotfix.isOverdue ? 'overdue since' : 'due'} <Instant at={hotfix.dueMs / 1_000} />
        </span>
      </p>
      <p className="font-mono text-12 break-words text-ink-3">
        {hotfix.files.map(({ path }) => path).join(', ')}
      </p>
      {mayRecord && wanted && isOpen(state) ? (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void send('hotfixes.advance', { id: hotfix.id, version: hotfix.version, evidence })
          }}
        >
          <div className="min-w-0 flex-1">
            <Field label={`${EVIDENCE[wanted]}, of hotfix ${hotfix.number}`}>
              {(control) => (
                <Input {...control} value={evidence} onChange={(event) => setEvidence(event.target.value)} />
              )}
            </Field>
          </div>
          <Button
            type="submit"
            busy={busy}
            {...(evidence.trim().length < 3 ? { waitsFor: 'waits for it' } : {})}
          >
            Show it
          </Button>
        </form>
      ) : null}
      <Problem text={problem?.detail ?? problem?.title} />
    </li>
  )
}

function HoldRow({
  hold,
  mayLift,
}: {
  readonly hold: ImagesData['holds'][number]
  readonly mayLift: boolean
}): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const [reason, setReason] = useState('')
  return (
    <li className="grid grid-cols-1 gap-1 py-2">
      <p className="break-words">
        {hold.service} <span className="font-mono text-12">{hold.digest.slice(7, 19)}</span>: {hold.reason}{' '}
        {hold.liftedBy === null ? '' : `Lifted by ${hold.liftedBy}.`}
      </p>
      {mayLift && hold.liftedBy === null ? (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void send('rollouts.lift-hold', { id: hold.id, reason })
          }}
        >
          <div className="min-w-0 flex-1">
            <Field label={`Why ${hold.digest.slice(7, 19)} may go out again`}>
              {(control) => (
                <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
              )}
            </Field>
          </div>
          <Button
            type="submit"
            busy={busy}
            {...(reason.trim().length < 10 ? { waitsFor: 'waits for the reason' } : {})}
          >
            Lift the hold
          </Button>
        </form>
      ) : null}
      <Problem text={problem?.detail ?? problem?.title} />
    </li>
  )
}

const EMPTY = { service: '', environment: 'production', instance: '', path: '', content: '', reason: '' }

function RecordForm(): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const [made, setMade] = useState(EMPTY)
  const set = (key: keyof typeof EMPTY) => (event: { readonly target: { readonly value: string } }) =>
    setMade((before) => ({ ...before, [key]: event.target.value }))
  const isReady =
    made.service !== '' && made.instance !== '' && made.path !== '' && made.reason.trim().length >= 10
  async function record(): Promise<void> {
    const { service, environment, instance, path, content, reason } = made
    const done = await send('hotfixes.record', {
      service,
      environment: environment === 'staging' ? 'staging' : 'production',
      instance,
      files: [{ path, content }],
      reason,
    })
    if (done) setMade(EMPTY)
  }
  return (
    <details>
      <summary className="cursor-pointer text-13">Record a hotfix</summary>
      <form
        className="grid grid-cols-1 gap-3 pt-2 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          void record()
        }}
      >
        <Field label="Service">
          {(control) => <Input {...control} value={made.service} onChange={set('service')} />}
        </Field>
        <Field label="Environment">
          {(control) => (
            <Select {...control} value={made.environment} onChange={set('environment')}>
              <option>production</option>
              <option>staging</option>
            </Select>
          )}
        </Field>
        <Field label="Instance">
          {(control) => <Input {...control} value={made.instance} onChange={set('instance')} />}
        </Field>
        <Field label="File">
          {(control) => <Input {...control} value={made.path} onChange={set('path')} />}
        </Field>
        <Field label="Why">
          {(control) => <Input {...control} value={made.reason} onChange={set('reason')} />}
        </Field>
        <div className="sm:col-span-2">
          <Field label="What stands in the file now">
            {(control) => <TextArea {...control} rows={4} value={made.content} onChange={set('content')} />}
          </Field>
        </div>
        <Problem text={problem?.detail ?? problem?.title} />
        <p className="sm:col-span-2">
          <Button
            type="submit"
            busy={busy}
            {...(isReady ? {} : { waitsFor: 'waits for service, instance, file and reason' })}
          >
            Record it
          </Button>
        </p>
      </form>
    </details>
  )
}
