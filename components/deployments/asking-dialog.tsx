'use client'

import { type ReactNode, useState } from 'react'
import { Dialog } from '@/components/ui/dialog'
import { DialogFoot } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { EditPlan } from './edit-plan'
import { type Stand, StandChoice } from './stand-choice'
import type { Asking, PageData } from './types'
import { useDeploymentCommand } from './use-deployment-command'

type Props = { readonly page: PageData; readonly asking: Asking; readonly onClose: () => void }

/** AskingDialog is the one open question of the approval page. */
export function AskingDialog(props: Props): ReactNode {
  switch (props.asking.kind) {
    case 'approve':
      return <ApproveDialog {...props} />
    case 'edit':
      return (
        <Dialog open onClose={props.onClose} title="Edit the plan">
          <EditPlan page={props.page} onClose={props.onClose} />
        </Dialog>
      )
    case 'override':
      return <OverrideDialog {...props} />
    default:
      return <WordDialog {...props} asking={props.asking} />
  }
}

function ApproveDialog({ page, onClose }: Props): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [typed, setTyped] = useState('')
  const [comment, setComment] = useState('')
  const unmet = page.conditions.filter((it) => it.stage === 'approve' && !it.isMet && !it.isWaived)
  const mine = page.approvals.given.find((it) => it.endedWhy?.kind === 'void')
  async function approve(): Promise<void> {
    const done = await send('deployments.approve', {
      number: page.number,
      revision: page.revision,
      hash: page.hash,
      typed,
      whenMet: unmet.map(({ id }) => id),
      comment,
    })
    if (done) onClose()
  }
  return (
    <Dialog open onClose={onClose} title={`Approve ${page.name}, revision ${page.revision}`}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void approve()
        }}
      >
        <p className="text-13 break-words text-ink-2">{page.sentence}</p>
        {mine?.endedWhy?.fields === undefined ? null : (
          <div className="grid gap-1 border-l-2 border-accent pl-3 text-13">
            <p className="font-medium">What changed since the last approvals</p>
            <ul>
              {mine.endedWhy.fields.map((it) => (
                <li key={it.field} className="break-words text-ink-2">
                  {it.words}: {it.from} → {it.to}
                </li>
              ))}
            </ul>
          </div>
        )}
        {unmet.length === 0 ? null : (
          <div className="grid gap-1 text-13">
            <p className="font-medium">It counts once these are met:</p>
            <ul className="list-disc pl-5 text-ink-2">
              {unmet.map((it) => (
                <li key={it.id}>{it.title}</li>
              ))}
            </ul>
          </div>
        )}
        <Field label={`Type the service’s name, ${page.plan.service}`}>
          {(control) => (
            <Input
              {...control}
              value={typed}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Field label="Comment" hint="It stays with your approval.">
          {(control) => (
            <Input {...control} value={comment} onChange={(event) => setComment(event.target.value)} />
          )}
        </Field>
        <DialogFoot
          problem={problem}
          busy={busy}
          deed={unmet.length === 0 ? 'Approve this revision' : 'Approve when met'}
          waitsFor={typed.trim() === page.plan.service ? undefined : 'waits for the name'}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

type WordKind = Exclude<Asking['kind'], 'approve' | 'edit' | 'override'>

const TITLES: Readonly<Record<WordKind, string>> = {
  reject: 'Reject this revision',
  hold: 'Hold it',
  cancel: 'Cancel this deployment',
  rehearsed: 'The way back was tried',
  tell: 'Show it',
  waive: 'Waive this item',
}

function deedOf(kind: WordKind): string {
  if (kind === 'tell') return 'Say so'
  return kind === 'reject' ? 'Reject it' : 'Do it'
}

function WordDialog({
  page,
  asking,
  onClose,
}: Omit<Props, 'asking'> & { readonly asking: Extract<Asking, { kind: WordKind }> }): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [words, setWords] = useState('')
  const [second, setSecond] = useState('')
  const [stand, setStand] = useState<Stand>('passed')
  const { number } = page
  const item = 'item' in asking ? page.items.find(({ id }) => id === asking.item) : undefined
  async function submit(): Promise<void> {
    const done = await (() => {
      switch (asking.kind) {
        case 'reject':
          return send('deployments.reject', { number, revision: page.revision, comment: words })
        case 'hold':
          return send('deployments.hold', {
            number,
            until: second === '' ? null : new Date(second).toISOString(),
            reason: words,
          })
        case 'cancel':
          return send('deployments.cancel', { number, reason: words })
        case 'rehearsed':
          return send('deployments.rehearsed', {
            number,
            seconds: Number(second),
            isWarm: page.plan.rollback.keepWarm,
            link: words,
          })
        case 'tell':
          return send('deployments.tell', { number, item: asking.item, state: stand, words, link: second })
        case 'waive':
          return send('deployments.waive', { number, item: asking.item, reason: words })
      }
    })()
    if (done) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={item ? `${item.title}: ${TITLES[asking.kind].toLowerCase()}` : TITLES[asking.kind]}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {asking.kind === 'hold' ? (
          <Field label="Not before" hint="Your own time. Empty lets it go again.">
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={second}
                onChange={(event) => setSecond(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {asking.kind === 'rehearsed' ? (
          <Field label="Seconds until the old version served again">
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={second}
                onChange={(event) => setSecond(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {asking.kind === 'tell' ? <StandChoice stand={stand} onChange={setStand} /> : null}
        <Field
          label={
            asking.kind === 'tell'
              ? 'What you saw'
              : asking.kind === 'rehearsed'
                ? 'Link to its record'
                : 'Why'
          }
        >
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          )}
        </Field>
        {asking.kind === 'tell' ? (
          <Field label="Link to the evidence">
            {(control) => (
              <Input
                {...control}
                inputMode="url"
                value={second}
                onChange={(event) => setSecond(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <DialogFoot problem={problem} busy={busy} deed={deedOf(asking.kind)} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function OverrideDialog({ page, onClose }: Props): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const choices = page.conditions.filter(
    (it, at) =>
      it.isWaivable &&
      !it.isMet &&
      !it.isWaived &&
      page.conditions.findIndex(({ id }) => id === it.id) === at,
  )
  const [rule, setRule] = useState(choices[0]?.id ?? '')
  const [reason, setReason] = useState('')
  const [link, setLink] = useState('')
  const [isSolo, setSolo] = useState(false)
  async function ask(): Promise<void> {
    const done = await send('deployments.askOverride', {
      number: page.number,
      ruleIds: [rule],
      reason,
      link,
      isSolo,
    })
    if (done) onClose()
  }
  return (
    <Dialog open onClose={onClose} title="Override a rule for this deployment">
      {choices.length === 0 ? (
        <p className="text-13 text-ink-2">
          Nothing that may be overridden stands in the way. Images, health gates, triggers of a rollback and
          the record can’t be overridden.
        </p>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void ask()
          }}
        >
          <Field label="Rule">
            {(control) => (
              <Select {...control} value={rule} onChange={(event) => setRule(event.target.value)}>
                {choices.map((it) => (
                  <option key={it.id} value={it.id}>
                    {it.id}: {it.title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Why" hint="At least twenty characters. It is counted and stays on record.">
            {(control) => (
              <TextArea
                {...control}
                rows={3}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <Field label="Incident or ticket">
            {(control) => (
              <Input
                {...control}
                inputMode="url"
                value={link}
                onChange={(event) => setLink(event.target.value)}
              />
            )}
          </Field>
          <label className="flex items-center gap-2 text-13">
            <input
              type="checkbox"
              className="size-3.5 accent-(--accent)"
              checked={isSolo}
              onChange={(event) => setSolo(event.target.checked)}
            />
            I am alone on call: it counts at once, and its review is owed
          </label>
          <DialogFoot problem={problem} busy={busy} deed="Ask for it" onClose={onClose} />
        </form>
      )}
    </Dialog>
  )
}
